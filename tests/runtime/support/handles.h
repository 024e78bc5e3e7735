// Models and sessions that close themselves, for tests.
#pragma once

#include <memory>

#include "senet/senet.h"

namespace senetc {

struct CloseModel {
    void operator()(senet_model* model) const { senet_model_close(model); }
};
struct CloseSession {
    void operator()(senet_session* session) const { senet_session_close(session); }
};
using Model = std::unique_ptr<senet_model, CloseModel>;
using Session = std::unique_ptr<senet_session, CloseSession>;

// nullptr when it can't be opened.
Model open_linked(senet_model_query_v1_t query, const senet_model_options& options);
Session open_session(const Model& model, const senet_session_options& options);

// The linked toy model; variant as in senet_model_options. nullptr when it can't be opened.
Model open_toy(const char* variant = nullptr);
Session open_session(const Model& model, uint32_t max_batch, uint32_t threads);

}  // namespace senetc
