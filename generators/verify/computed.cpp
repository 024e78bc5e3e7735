#include "generators/verify/computed.h"

#include <fmt/format.h>

#include "models/error.h"

namespace senetc::verifier {
namespace {

void check(senet_status status) {
    if (status != SENET_OK) throw Error(senet_last_message());
}

// An observer may not throw through libsenet; what can't be read out stays away.
void keep_step(void* user, senet_session* session, const senet_step_event* event) {
    const senet_step_v1_t& step = *event->step;
    std::vector<float> values(size_t{step.channels} * std::max(1u, step.height) * std::max(1u, step.width));
    if (senet_session_read_output(session, values.data()) == SENET_OK)
        static_cast<Computed*>(user)->steps[step.name] = std::move(values);
}

}  // namespace

bool Runner::runs_here(const std::string& library, const std::string& variant) {
    const senet_model_options options{variant.c_str(), nullptr, nullptr, nullptr};
    senet_model* model = nullptr;
    const senet_status status = senet_model_open(library.c_str(), &options, &model);
    senet_model_close(model);
    if (status != SENET_UNSUPPORTED_CPU && status != SENET_NO_DEVICE) check(status);
    return status == SENET_OK;
}

Runner::Runner(const std::string& library, const std::string& variant) {
    const senet_model_options options{variant.c_str(), nullptr, nullptr, nullptr};
    check(senet_model_open(library.c_str(), &options, &model_));
    if (const senet_status status = senet_session_open(model_, nullptr, &session_)) {
        senet_model_close(model_);
        check(status);
    }
}

Runner::~Runner() {
    senet_session_close(session_);
    senet_model_close(model_);
}

Computed Runner::run(const std::vector<float>& image) {
    Computed computed;
    computed.logits.resize(senet_model_describe(model_)->classes);
    check(senet_session_observe(session_, keep_step, &computed));
    check(senet_session_run_f32(session_, 1, image.data(), computed.logits.data()));
    return computed;
}

Computed computed_elsewhere(const TensorFile& file, const PlanVariant& variant, size_t classes, size_t i) {
    Computed computed;
    computed.logits = file.image("logits", {int64_t(classes)}, i);
    for (const PlanStep& step : variant.steps) {
        if (step.stage.empty() || step.stage == "logits" || !file.has(step.stage)) continue;
        Shape shape = {step.channels};
        if (step.height > 0) shape.insert(shape.end(), {step.height, step.width});
        computed.steps[step.name] = file.image(step.stage, shape, i);
    }
    return computed;
}

}  // namespace senetc::verifier
