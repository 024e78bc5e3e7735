// Cheap checks of a model's tables, so that a compiler's mistake is a sentence and not a crash.
#pragma once

#include "senet/senet.h"

namespace senet {

// The tables that don't belong to a variant.
senet_status check_model(const senet_model_v1_t& model);

// Indices, dimensions and extents of the one variant that will run.
senet_status check_variant(const senet_model_v1_t& model, const senet_variant_v1_t& variant);

}  // namespace senet
