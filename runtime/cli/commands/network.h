// libsenet's handles with destructors, and its statuses as exceptions.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "senet/senet.h"

namespace senet::cli {

// Throws Error with libsenet's sentence unless `status` is SENET_OK.
void check(senet_status status);

struct CloseModel {
    void operator()(senet_model* model) const { senet_model_close(model); }
};
struct CloseSession {
    void operator()(senet_session* session) const { senet_session_close(session); }
};
using Model = std::unique_ptr<senet_model, CloseModel>;
using Session = std::unique_ptr<senet_session, CloseSession>;

// `variant`: "" for the best that this machine runs; `device`: "" for a GPU if there is one, else "cpu", "cuda",
// "cuda:N".
Model open_model(const std::string& path, const std::string& variant, const std::string& device = "");

// To be described, wherever it runs.
Model read_model(const std::string& path);

bool runs_on_gpu(const senet_model* model);

Session open_session(const senet_model* model, const senet_session_options& options);

// The steps of a run in order, from the ingest step: [0] for float input, [1] for bytes.
std::vector<const senet_step_v1_t*> steps_of(const senet_variant_v1_t& variant, int ingest);

}  // namespace senet::cli
