#include "tests/runtime/support/handles.h"

#include "tests/runtime/toy/toy.h"

namespace senetc {

Model open_toy(const char* variant) {
    senet_model_options options{};
    options.variant = variant;
    senet_model* model = nullptr;
    senet_model_open_linked(senet_model_toy, &options, &model);
    return Model(model);
}

Session open_session(const Model& model, uint32_t max_batch, uint32_t threads) {
    senet_session_options options{};
    options.max_batch = max_batch;
    options.threads = threads;
    senet_session* session = nullptr;
    senet_session_open(model.get(), &options, &session);
    return Session(session);
}

}  // namespace senetc
