// Lays constants out in the order that a kernel reads them.
#pragma once

#include <string>
#include <vector>

#include "generators/compiler/stage.h"
#include "models/graph/tensor.h"

namespace senetc {

// `values`: the parameter as the graph has it (conv OIHW, linear [out, in], vectors [channels]); nullptr: a bias that
// the graph has not, i.e. zeros. The result has argument.storage_elements floats.
std::vector<float> pack_parameter(const Argument& argument, const Tensor* values);

}  // namespace senetc
