#include "tests/runtime/support/handles.h"

#include "tests/runtime/toy/toy.h"

namespace senetc {

Model open_linked(senet_model_query_v1_t query, const senet_model_options& options) {
    senet_model* model = nullptr;
    senet_model_open_linked(query, &options, &model);
    return Model(model);
}

Session open_session(const Model& model, const senet_session_options& options) {
    senet_session* session = nullptr;
    senet_session_open(model.get(), &options, &session);
    return Session(session);
}

Model open_toy(const char* variant) {
    senet_model_options options{};
    options.variant = variant;
    return open_linked(senet_model_toy, options);
}

Session open_session(const Model& model, uint32_t max_batch, uint32_t threads) {
    senet_session_options options{};
    options.max_batch = max_batch;
    options.threads = threads;
    return open_session(model, options);
}

}  // namespace senetc
