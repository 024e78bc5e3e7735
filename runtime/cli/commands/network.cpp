#include "runtime/cli/commands/network.h"

#include "runtime/cli/error.h"
#include "runtime/cli/output/interrupt.h"

namespace senet::cli {

void check(senet_status status) {
    if (status != SENET_OK) throw Error("{}", senet_last_message());
}

Model open_model(const std::string& path, const std::string& variant, const std::string& device) {
    senet_model_options options{};
    options.variant = variant.empty() ? nullptr : variant.c_str();
    options.device = device.empty() ? nullptr : device.c_str();
    senet_model* model = nullptr;
    check(senet_model_open(path.c_str(), &options, &model));
    return Model(model);
}

Model read_model(const std::string& path) {
    senet_model* model = nullptr;
    check(senet_model_read(path.c_str(), &model));
    return Model(model);
}

bool runs_on_gpu(const senet_model* model) {
    return senet_model_variant(model)->device == SENET_DEVICE_CUDA;
}

Session open_session(const senet_model* model, const senet_session_options& options) {
    const InterruptGuard guard;  // inherited by libsenet's threads: signals are the main thread's alone
    senet_session* session = nullptr;
    check(senet_session_open(model, &options, &session));
    return Session(session);
}

std::vector<const senet_step_v1_t*> steps_of(const senet_variant_v1_t& variant, int ingest) {
    std::vector<const senet_step_v1_t*> steps = {&variant.ingest[ingest]};
    for (uint32_t i = 0; i < variant.num_steps; i++) steps.push_back(&variant.steps[i]);
    return steps;
}

}  // namespace senet::cli
