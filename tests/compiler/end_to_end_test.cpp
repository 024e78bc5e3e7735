// Small networks of awkward shapes, from text to logits: the built library against the naive evaluator in double.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include "generators/compiler/build.h"
#include "generators/compiler/temporary_folder.h"
#include "models/graph/parse.h"
#include "models/passes/passes.h"
#include "models/reference/evaluate.h"
#include "models/weights/formula.h"
#include "senet/senet.h"

using namespace senetc;

namespace {

struct Case {
    const char* claim;
    const char* graph;
};

const Case kCases[] = {
    {"a last map that is only pooled, so never stored, and that no tile divides", R"(graph pooled_only
  %input = input : f32[3,6,6]
  %a = conv %input weight=@a.weight out=32 kernel=3x3 stride=2 pad=1
  %a_act = activation %a act=relu
  %b = conv %a_act weight=@b.weight bias=@b.bias out=48 kernel=1x1 stride=1 pad=0
  %b_act = activation %b act=relu
  %pool = global_avg_pool %b_act
  %fc = linear %pool weight=@fc.weight bias=@fc.bias out=5
  return %fc
)"},
    {"a last map with a gate and a residual that is only pooled", R"(graph pooled_residual
  %input = input : f32[3,7,7]
  %a = conv %input weight=@a.weight out=32 kernel=3x3 stride=1 pad=1
  %a_act = activation %a act=relu
  %b = conv %a_act weight=@b.weight bias=@b.bias out=32 kernel=1x1 stride=1 pad=0
  %s = global_avg_pool %b
  %f1 = linear %s weight=@f1.weight out=3
  %f1_act = activation %f1 act=relu
  %f2 = linear %f1_act weight=@f2.weight out=32
  %gate = activation %f2 act=sigmoid
  %y = scale %b %gate
  %sum = add %y %a_act
  %sum_act = activation %sum act=relu
  %pool = global_avg_pool %sum_act
  %fc = linear %pool weight=@fc.weight bias=@fc.bias out=5
  return %fc
)"},
    {"channels that fill no block, maps that no tile divides", R"(graph odd_channels
  %input = input : f32[3,11,13]
  %a = conv %input weight=@a.weight out=7 kernel=3x3 stride=1 pad=1
  %a_act = activation %a act=relu
  %b = conv %a_act weight=@b.weight bias=@b.bias out=19 kernel=3x3 stride=2 pad=1
  %pool = global_avg_pool %b
  %fc = linear %pool weight=@fc.weight bias=@fc.bias out=5
  return %fc
)"},
    {"a batch norm that can't be folded, before and after an addition", R"(graph lone_batch_norm
  %input = input : f32[3,9,9]
  %a = conv %input weight=@a.weight out=24 kernel=3x3 stride=1 pad=1
  %a_act = activation %a act=relu
  %n = batch_norm %a_act weight=@n.weight bias=@n.bias mean=@n.running_mean variance=@n.running_var epsilon=1e-05
  %b = conv %n weight=@b.weight out=24 kernel=3x3 stride=1 pad=1
  %sum = add %b %n
  %m = batch_norm %sum weight=@m.weight bias=@m.bias mean=@m.running_mean variance=@m.running_var epsilon=1e-05
  %m_act = activation %m act=relu
  %pool = global_avg_pool %m_act
  %fc = linear %pool weight=@fc.weight out=17
  return %fc
)"},
    {"a squeeze-and-excitation block with biases and a sigmoid map", R"(graph se_biases
  %input = input : f32[3,10,6]
  %a = conv %input weight=@a.weight bias=@a.bias out=40 kernel=1x1 stride=1 pad=0
  %s = global_avg_pool %a
  %f1 = linear %s weight=@f1.weight bias=@f1.bias out=3
  %f1_act = activation %f1 act=relu
  %f2 = linear %f1_act weight=@f2.weight bias=@f2.bias out=40
  %gate = activation %f2 act=sigmoid
  %y = scale %a %gate
  %y_act = activation %y act=sigmoid
  %p = max_pool %y_act kernel=3 stride=2 pad=1
  %pool = global_avg_pool %p
  %fc = linear %pool weight=@fc.weight bias=@fc.bias out=33
  return %fc
)"},
    {"an image that a depthwise convolution and an addition read", R"(graph blocked_image
  %input = input : f32[3,7,8]
  %d = conv %input weight=@d.weight out=3 kernel=3x3 stride=1 pad=1 groups=3
  %sum = add %d %input
  %e = conv %sum weight=@e.weight out=16 kernel=5x5 stride=2 pad=2
  %pool = global_avg_pool %e
  %fc = linear %pool weight=@fc.weight bias=@fc.bias out=2
  return %fc
)"},
    {"maps one pixel wide, high and both", R"(graph one_wide
  %input = input : f32[1,9,1]
  %a = conv %input weight=@a.weight out=32 kernel=3x3 stride=2 pad=1
  %a_act = activation %a act=relu
  %d = conv %a_act weight=@d.weight bias=@d.bias out=32 kernel=3x3 stride=2 pad=1 groups=32
  %b = conv %d weight=@b.weight out=64 kernel=1x1 stride=1 pad=0
  %c = conv %b weight=@c.weight out=64 kernel=3x3 stride=2 pad=1
  %c2 = conv %c weight=@c2.weight out=64 kernel=3x3 stride=2 pad=1
  %pool = global_avg_pool %c2
  %fc = linear %pool weight=@fc.weight bias=@fc.bias out=10
  return %fc
)"},
    {"a residual convolution without SE, with a strided shortcut", R"(graph plain_block
  %input = input : f32[4,15,17]
  %stem = conv %input weight=@stem.weight out=32 kernel=7x7 stride=2 pad=3
  %stem_act = activation %stem act=relu
  %a = conv %stem_act weight=@a.weight out=48 kernel=3x3 stride=2 pad=1
  %a_act = activation %a act=relu
  %b = conv %a_act weight=@b.weight out=48 kernel=3x3 stride=1 pad=1
  %down = conv %stem_act weight=@down.weight out=48 kernel=1x1 stride=2 pad=0
  %sum = add %b %down
  %out = activation %sum act=relu
  %pool = global_avg_pool %out
  %h = linear %pool weight=@h.weight bias=@h.bias out=20
  %h_act = activation %h act=relu
  %fc = linear %h_act weight=@fc.weight bias=@fc.bias out=1000
  return %fc
)"},
};

// Three SE blocks: after a 3x3 convolution of a convolution, after a 1x1 one of a pooled map, and after an activation.
// Their gates end in convolutions, in a depthwise one and behind the last pool.
const Case kAlgebra = {"the algebra of squeeze and excitation", R"(graph se_algebra
  %input = input : f32[3,13,19]
  %a = conv %input weight=@a.weight bias=@a.bias out=20 kernel=3x3 stride=2 pad=1
  %a_act = activation %a act=relu
  %b = conv %a_act weight=@b.weight bias=@b.bias out=20 kernel=3x3 pad=1
  %b_s = global_avg_pool %b
  %b_g = excite %b_s w1=@b.w1 b1=@b.b1 w2=@b.w2 b2=@b.b2 hidden=2 out=20
  %b_y = scale %b %b_g
  %b_sum = add %b_y %a_act
  %b_act = activation %b_sum act=relu
  %p = max_pool %b_act kernel=3 stride=1 pad=1
  %c = conv %p weight=@c.weight bias=@c.bias out=48 kernel=1x1
  %c_s = global_avg_pool %c
  %c_g = excite %c_s w1=@c.w1 w2=@c.w2 hidden=3 out=48
  %c_y = scale %c %c_g
  %d = conv %c_y weight=@d.weight bias=@d.bias out=48 kernel=3x3 stride=2 pad=1 groups=48
  %e = conv %d weight=@e.weight bias=@e.bias out=36 kernel=1x1
  %e_act = activation %e act=relu
  %e_s = global_avg_pool %e_act
  %e_g = excite %e_s w1=@e.w1 w2=@e.w2 b2=@e.b2 hidden=5 out=36
  %e_y = scale %e_act %e_g
  %f = conv %e_y weight=@f.weight bias=@f.bias out=36 kernel=3x3 pad=1 groups=36
  %f_act = activation %f act=relu
  %f_s = global_avg_pool %f_act
  %f_g = excite %f_s w1=@f.w1 w2=@f.w2 hidden=4 out=36
  %f_y = scale %f_act %f_g
  %pool = global_avg_pool %f_y
  %fc = linear %pool weight=@fc.weight bias=@fc.bias out=11
  return %fc
)"};

struct Library {
    TemporaryFolder folder;
    std::string path;
    Graph graph;  // before the passes, with constants

    explicit Library(const Case& test, const PassOptions& passes = {}) {
        graph = bind_formula_weights(parse_graph(test.graph, "test.graph"));
        BuildRequest request;
        request.network.graph = graph;
        request.network.preprocess.mean.assign(size_t(graph.nodes[0].type.channels), 0.25f);
        request.network.preprocess.deviation.assign(size_t(graph.nodes[0].type.channels), 0.5f);
        request.name = graph.name;
        request.passes = passes;
        request.targets = {{"x86-64", {"avx512", "avx2"}, folder.path().string()}};
        build(request, KernelCache(KernelCache::default_folder(), KernelCache::kDefaultLimit), {});
        path = (folder.path() / ("lib" + graph.name + ".so")).string();
    }
};

// One session of one variant; null where the CPU lacks it.
struct Session {
    senet_model* model = nullptr;
    senet_session* session = nullptr;

    Session(const std::string& path, const char* variant, uint32_t max_batch, uint32_t threads) {
        const senet_model_options options{variant, nullptr, nullptr, nullptr};
        const senet_status status = senet_model_open(path.c_str(), &options, &model);
        if (status == SENET_UNSUPPORTED_CPU) return;
        REQUIRE_MESSAGE(status == SENET_OK, senet_last_message());
        senet_session_options session_options{};
        session_options.max_batch = max_batch;
        session_options.threads = threads;
        REQUIRE_MESSAGE(senet_session_open(model, &session_options, &session) == SENET_OK, senet_last_message());
    }
    ~Session() {
        senet_session_close(session);
        senet_model_close(model);
    }
};

size_t image_size(const Graph& graph) {
    const Type& t = graph.nodes[0].type;
    return size_t(t.channels) * size_t(t.height) * size_t(t.width);
}

void compare(const std::vector<double>& expected, const float* logits) {
    double largest = 1e-30, error = 0;
    for (size_t k = 0; k < expected.size(); ++k) {
        largest = std::max(largest, std::abs(expected[k]));
        error = std::max(error, std::abs(logits[k] - expected[k]));
    }
    CHECK(error <= 2e-6 * largest);
}

// Three images at once on three threads, and one by one, against the evaluator.
void check(const Library& library) {
    const Type& input = library.graph.nodes[0].type;
    const int batch = 3;
    const std::vector<float> images = formula_image(batch, input.channels, input.height, input.width);
    const size_t classes = size_t(library.graph.nodes[size_t(library.graph.output)].type.channels);
    for (const char* variant : {"avx512", "avx2"}) {
        INFO("variant ", variant);
        Session one_by_one(library.path, variant, 1, 1), together(library.path, variant, 4, 3);
        if (!one_by_one.model) continue;
        std::vector<float> logits(batch * classes), again(batch * classes);
        REQUIRE(senet_session_run_f32(together.session, batch, images.data(), logits.data()) == SENET_OK);
        for (int n = 0; n < batch; ++n) {
            const float* image = &images[n * image_size(library.graph)];
            REQUIRE(senet_session_run_f32(one_by_one.session, 1, image, &again[n * classes]) == SENET_OK);
            const std::vector<double> wide(image, image + image_size(library.graph));
            compare(evaluate(library.graph, wide)[size_t(library.graph.output)], &logits[n * classes]);
        }
        CHECK(std::memcmp(logits.data(), again.data(), logits.size() * sizeof(float)) == 0);
    }
}

// Every step's output as an observer reads it.
struct Outputs {
    struct Value {
        std::vector<float> values;  // of all images
        uint32_t channels, height;
    };
    std::map<std::string, Value> by_name;

    static void read(void* user, senet_session* session, const senet_step_event* event) {
        const senet_step_v1_t& step = *event->step;
        const size_t pixels = step.height > 0 ? size_t{step.height} * step.width : 1;
        Value value{std::vector<float>(event->batch * step.channels * pixels), step.channels, step.height};
        CHECK_MESSAGE(senet_session_read_output(session, value.values.data()) == SENET_OK, senet_last_message());
        static_cast<Outputs*>(user)->by_name[step.name] = std::move(value);
    }
};

// Sums by channel: of a map, or of its sums by tile.
std::vector<double> sums_by_channel(const auto& values, size_t channels) {
    std::vector<double> sums(channels);
    const size_t per_channel = std::size(values) / channels;
    for (size_t i = 0; i < std::size(values); ++i) sums[i / per_channel] += double(values[i]);
    return sums;
}

}  // namespace

TEST_CASE("a built library computes what the graph says, in every variant, batch and thread count") {
    for (const Case& test : kCases) {
        SUBCASE(test.claim) {
            check(Library(test));
        }
    }
}

TEST_CASE("a squeeze-and-excitation network computes the same with its algebra, and with any part of it left out") {
    const std::set<std::string> none;
    for (const std::set<std::string>& without :
         {none, {"squeeze_before_conv"}, {"commute_gate"}, {"scale_in_conv"}, {"collect_sums"}}) {
        INFO("without ", without.empty() ? "nothing" : *without.begin());
        check(Library(kAlgebra, {without}));
    }
}

TEST_CASE("every step reads out as the evaluator computes it; where a map isn't stored, the sums of its tiles") {
    const Library library(kAlgebra);
    const Graph graph = run_passes(library.graph);
    const std::vector<float> images = formula_image(2, 3, 13, 19);
    for (const char* variant : {"avx512", "avx2"}) {
        INFO("variant ", variant);
        Session session(library.path, variant, 2, 2);
        if (!session.model) continue;
        Outputs outputs;
        REQUIRE(senet_session_observe(session.session, Outputs::read, &outputs) == SENET_OK);
        float logits[2 * 11];
        REQUIRE(senet_session_run_f32(session.session, 2, images.data(), logits) == SENET_OK);
        int sums_alone = 0, window_means = 0;
        for (size_t n = 0; n < 2; ++n) {
            const auto begin = images.begin() + std::ptrdiff_t(n * image_size(graph));
            const auto expected = evaluate(graph, {begin, begin + std::ptrdiff_t(image_size(graph))});
            for (size_t id = 0; id < graph.nodes.size(); ++id) {
                const Node& node = graph.nodes[id];
                INFO(node.name, " of image ", n);
                REQUIRE(outputs.by_name.count(node.name) == 1);
                const auto& [values, channels, height] = outputs.by_name.at(node.name);
                REQUIRE(channels == uint32_t(node.type.channels));
                const size_t count = values.size() / 2;
                const std::vector<float> found(values.begin() + std::ptrdiff_t(n * count),
                                               values.begin() + std::ptrdiff_t((n + 1) * count));
                window_means += std::holds_alternative<WindowMeansOp>(node.op);
                if (count == expected[id].size()) {
                    compare(expected[id], found.data());
                    continue;
                }
                ++sums_alone;
                CHECK(height > 0);
                const std::vector<double> tiles = sums_by_channel(found, channels);
                compare(sums_by_channel(expected[id], channels), std::vector<float>(tiles.begin(), tiles.end()).data());
            }
        }
        CHECK(sums_alone > 0);
        CHECK(window_means > 0);
    }
}

TEST_CASE("bytes enter as (byte / 255 - mean) / deviation") {
    for (int index : {0, 3}) {  // a planar and a blocked image
        const Library library(kCases[index]);
        const Type& input = library.graph.nodes[0].type;
        std::vector<uint8_t> bytes(image_size(library.graph));
        std::vector<double> normalised(bytes.size());
        for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = uint8_t(i * 37 + i / 7);
        for (int y = 0; y < input.height; ++y)
            for (int x = 0; x < input.width; ++x)
                for (int c = 0; c < input.channels; ++c)
                    normalised[size_t((c * input.height + y) * input.width + x)] =
                        (bytes[size_t((y * input.width + x) * input.channels + c)] / 255.0 - 0.25) / 0.5;
        const std::vector<double> expected = evaluate(library.graph, normalised)[size_t(library.graph.output)];
        for (const char* variant : {"avx512", "avx2"}) {
            Session session(library.path, variant, 1, 1);
            if (!session.model) continue;
            std::vector<float> logits(expected.size());
            REQUIRE(senet_session_run_u8(session.session, 1, bytes.data(), logits.data()) == SENET_OK);
            compare(expected, logits.data());
        }
    }
}
