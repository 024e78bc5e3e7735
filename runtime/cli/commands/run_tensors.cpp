// `senet run LIB --tensors IN --output OUT`: raw numbers in, raw numbers out, so that anyone can compare them with
// another framework's.
#include <algorithm>

#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/run.h"
#include "runtime/cli/error.h"
#include "runtime/cli/tensors/safetensors.h"

namespace senet::cli {

namespace {

constexpr auto logits_name = "logits";

// An output tensor beside the logits: the value of one step.
struct Stage {
    const senet_step_v1_t* step;
    uint64_t values;  // of one image
};

// The steps that have a name for people, in order; of several with the same name the last.
std::vector<Stage> named_stages(const senet_variant_v1_t& variant) {
    std::vector<Stage> stages;
    for (const senet_step_v1_t* step : steps_of(variant, 0)) {
        if (!step->stage || std::string(step->stage) == logits_name) continue;
        std::erase_if(stages, [&](const Stage& s) { return std::string(s.step->stage) == step->stage; });
        const uint64_t pixels = step->height == 0 ? 1 : uint64_t(step->height) * step->width;
        stages.push_back({step, step->channels * pixels});
    }
    return stages;
}

std::vector<TensorShape> output_shapes(const std::vector<Stage>& stages, uint64_t images, uint64_t classes) {
    std::vector<TensorShape> shapes = {{logits_name, {images, classes}}};
    for (const auto& [step, values] : stages) {
        shapes.push_back({step->stage, {images, step->channels}});
        if (step->height > 0) shapes.back().shape.insert(shapes.back().shape.end(), {step->height, step->width});
    }
    return shapes;
}

// Writes stages while a run goes on. An observer may not throw through libsenet, so a failure waits in `failure`.
struct StageWriter {
    TensorWriter& out;
    const std::vector<Stage>& stages;
    uint64_t first_image = 0;
    std::vector<float> values;
    std::exception_ptr failure;

    void write(senet_session* session, const senet_step_event& event) {
        for (size_t i = 0; i < stages.size(); i++) {
            if (stages[i].step != event.step) continue;
            values.resize(event.batch * stages[i].values);
            check(senet_session_read_output(session, values.data()));
            out.write(1 + i, first_image * stages[i].values, values.data(), values.size());
        }
    }
};

void on_step(void* user, senet_session* session, const senet_step_event* event) {
    auto& writer = *static_cast<StageWriter*>(user);
    if (writer.failure) return;
    try {
        writer.write(session, *event);
    } catch (...) {
        writer.failure = std::current_exception();
    }
}

void check_input(const TensorShape& tensor, const senet_model_v1_t& model, const std::string& path) {
    const std::vector<uint64_t>& s = tensor.shape;
    const bool fits =
        s.size() == 4 && s[0] > 0 && s[1] == model.channels && s[2] == model.height && s[3] == model.width;
    if (fits) return;
    throw Error("'{}' holds '{}' of shape [{}]; the network takes [N, {}, {}, {}]", path, tensor.name,
                fmt::join(s, ", "), model.channels, model.height, model.width);
}

}  // namespace

int run_tensors(const RunOptions& options) {
    const Model model = open_model(options.library, options.variant, options.device);
    const senet_model_v1_t& network = *senet_model_describe(model.get());
    const TensorReader input(options.tensors);
    check_input(input.tensor(), network, options.tensors);
    const Session session = open_run_session(model.get(), options);

    OutputFile file(options.output);
    if (!file.seekable()) throw Error("can't write '{}': --tensors needs a regular file", options.output);
    const uint64_t images = input.tensor().shape[0], image_values = input.tensor().bytes() / sizeof(float) / images;
    const std::vector<Stage> stages =
        options.stages ? named_stages(*senet_model_variant(model.get())) : std::vector<Stage>();
    TensorWriter output(file, output_shapes(stages, images, network.classes));
    StageWriter writer{output, stages, 0, {}, {}};
    if (options.stages) check(senet_session_observe(session.get(), on_step, &writer));

    std::vector<float> pixels(options.batch * image_values), logits(size_t(options.batch) * network.classes);
    for (uint64_t first = 0; first < images; first += options.batch) {
        const auto batch = uint32_t(std::min<uint64_t>(options.batch, images - first));
        writer.first_image = first;
        input.read(first * image_values, batch * image_values, pixels.data());
        check(senet_session_run_f32(session.get(), batch, pixels.data(), logits.data()));
        if (writer.failure) std::rethrow_exception(writer.failure);
        output.write(0, first * network.classes, logits.data(), uint64_t(batch) * network.classes);
    }
    file.commit();
    return all_fine;
}

}  // namespace senet::cli
