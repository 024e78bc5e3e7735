// Finds a model's packed weights: in its library, or in a file beside it.
#pragma once

#include "runtime/core/model.h"

namespace senet {

// library_path: nullptr for a linked model; library: its file, or empty. weights_path: the user's choice, or nullptr.
// Sets `weights`.
senet_status find_weights(const char* library_path, Mapping* library, const char* weights_path, senet_model* model);

}  // namespace senet
