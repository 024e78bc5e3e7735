// The choice of where a model runs: a GPU or the CPU, and by which variant.
#pragma once

#include "runtime/core/model.h"

namespace senet {

// Sets `variant` and, when that is a GPU's, `gpu`.
senet_status choose_device(const senet_model_v1_t& tables, const senet_model_options& options, senet_model* model);

}  // namespace senet
