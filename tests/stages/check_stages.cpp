#include "tests/stages/check_stages.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "generators/compiler/pack_weights.h"
#include "schedules/schedules.h"
#include "tests/stages/logical.h"
#include "tests/stages/storage.h"

namespace senetc::test {

namespace {

constexpr int kImages = 3;

const std::map<std::string, std::string>& plainest() {
    static const std::map<std::string, std::string> text = {
        {"conv",
         "conv kernel_h=1 kernel_w=1 stride=1 pad=0 in_halo=0 out_halo=0 layout=blocked act=none residual=0 "
         "res_halo=0"},
        {"depthwise_conv", "depthwise_conv kernel=3 stride=1 pad=1 in_halo=1 out_halo=0 act=none"},
        {"batch_norm", "batch_norm in_halo=0 out_halo=0 act=none"},
        {"scale_add", "scale_add in_halo=0 gate=0 residual=0 res_halo=0 out_halo=0 act=none"},
        {"squeeze", "squeeze in_halo=0"},
        {"excite", "excite"},
        {"dense", "dense act=none logits=0"},
        {"max_pool", "max_pool kernel=3 stride=2 pad=1 in_halo=0 out_halo=0"},
        {"ingest_f32", "ingest_f32 layout=planar out_halo=0"},
        {"ingest_u8", "ingest_u8 layout=planar out_halo=0"},
    };
    return text;
}

// Values in [-1, 1), the same on every machine. Bytes for the u8 image.
class Random {
  public:
    Array fill(Array array, bool bytes) {
        for (double& value : array.values)
            value = bytes ? (next() >> 24) : static_cast<float>((next() >> 8) / 8388608.0 - 1);
        return array;
    }

  private:
    uint32_t next() { return state_ = state_ * 1664525u + 1013904223u; }
    uint32_t state_ = 1;
};

Schedule many_tasks(Schedule schedule) {
    for (auto& [param, value] : schedule.params) {
        if (param == "parallel") value = 2;
        if (param == "band_x" || param == "band_y" || param == "rows") value = 2;
    }
    return schedule;
}

// A stage with its inputs, and what should come out.
struct Problem {
    Stage stage;
    std::vector<Argument> arguments;
    std::vector<Storage> inputs;     // every argument but the output
    std::vector<Expected> expected;  // by image

    explicit Problem(const Stage& stage_) : stage(stage_), arguments(senetc::arguments(stage_, {})) {
        Random random;
        std::vector<std::map<std::string, Array>> values(kImages);
        for (size_t i = 0; i + 1 < arguments.size(); i++) {
            const Argument& argument = arguments[i];
            inputs.emplace_back(stage, argument, kImages);
            const Array empty(logical_shape(stage, argument.name));
            for (int image = 0; image < (argument.batched ? kImages : 1); image++) {
                const Array array = random.fill(empty, argument.type_bits == 8);
                values[static_cast<size_t>(image)][argument.name] = array;
                if (argument.role == Role::parameter) {
                    const Tensor tensor(Shape(array.shape.begin(), array.shape.end()), array.values);
                    inputs.back().store_packed(pack_parameter(argument, &tensor));
                } else {
                    inputs.back().store(array, image);
                }
            }
        }
        for (auto& of_image : values) {
            of_image.insert(values[0].begin(), values[0].end());  // parameters are the same for every image
            expected.push_back(evaluate(stage, of_image));
        }
    }
};

class Check {
  public:
    Check(const KernelLibrary& library, int kernel, const Problem& problem)
        : library_(library),
          kernel_(kernel),
          problem_(problem),
          output_(problem.stage, problem.arguments.back(), kImages) {}

    void run() {
        const Stage& stage = problem_.stage;
        REQUIRE(call(output_, 0, kImages) == 0);
        for (int image = 0; image < kImages; image++) compare_with_naive(image);
        const bool free_lanes =
            stage.generator == "excite" || (stage.params.count("act") != 0 && stage.params.at("act") == "sigmoid");
        CHECK(output_.stray_write(kImages, free_lanes) == "");
        Storage alone(stage, problem_.arguments.back(), kImages);
        for (int image = 0; image < kImages; image++) REQUIRE(call(alone, image, 1) == 0);
        for (int image = 0; image < kImages; image++) {
            CHECK_MESSAGE(alone.load(image).values == output_.load(image).values, "image ", image,
                          " alone differs from itself in a batch");
        }
    }

  private:
    int call(Storage& output, int first_image, int images) const {
        std::vector<void*> hosts;
        for (const Storage& input : problem_.inputs) hosts.push_back(input.host(first_image));
        hosts.push_back(output.host(first_image));
        return library_.run(kernel_, hosts, images);
    }

    void compare_with_naive(int image) {
        const Expected& expected = problem_.expected[static_cast<size_t>(image)];
        const Array found = output_.load(image);
        int wrong = 0;
        for (size_t i = 0; i < found.values.size(); i++) {
            // Not "error > bound": a NaN must count as wrong.
            if (std::fabs(found.values[i] - expected.value.values[i]) <= expected.bound.values[i] + 1e-37) continue;
            if (wrong++ == 0) {
                FAIL_CHECK(fmt::format("image {} element {}: {} instead of {}, allowed is {}", image, i,
                                       found.values[i], expected.value.values[i], expected.bound.values[i]));
            }
        }
        CHECK(wrong == 0);
    }

    const KernelLibrary& library_;
    int kernel_;
    const Problem& problem_;
    Storage output_;
};

}  // namespace

Stage stage_of(const std::string& text) {
    Stage stage = parse_stage(text);
    const Stage plain = parse_stage(plainest().at(stage.generator));
    stage.params.insert(plain.params.begin(), plain.params.end());
    return stage;
}

void check_stages(const std::vector<std::string>& texts, Checks checks, Tasks tasks) {
    struct Kernel {
        size_t problem;
        std::string variant;
    };
    std::vector<Problem> problems;
    std::vector<Kernel> kernels;
    KernelLibrary library(checks);
    for (const std::string& text : texts) {
        problems.emplace_back(stage_of(text));
        for (const std::string variant : {"avx2", "avx512"}) {
            if (!cpu_runs(variant)) continue;
            const Schedule schedule = choose_schedule(problems.back().stage, variant);
            library.add(problems.back().stage, tasks == Tasks::many ? many_tasks(schedule) : schedule, variant);
            kernels.push_back({problems.size() - 1, variant});
        }
    }
    for (const std::string variant : {"avx2", "avx512"}) {
        if (!cpu_runs(variant)) MESSAGE("SKIPPED: this CPU has no ", variant);
    }
    library.load();
    for (size_t i = 0; i < kernels.size(); i++) {
        INFO(kernels[i].variant, ": ", texts[kernels[i].problem]);
        Check(library, static_cast<int>(i), problems[kernels[i].problem]).run();
    }
}

}  // namespace senetc::test
