// A naive evaluation of a stage in double: what its kernels are compared with.
#pragma once

#include <map>
#include <string>

#include "generators/oracle/logical.h"

namespace senetc::oracle {

using Arguments = std::map<std::string, Array>;  // by name: inputs and parameters

// `bound`: how far float arithmetic in any order may be from each value.
struct Expected {
    Array value, bound;
};
using Outputs = std::map<std::string, Expected>;  // by name

// The stage's result, its map be it stored or not. Of the schedule only winograd_tile matters, for the bounds.
Expected evaluate_result(const Stage& stage, const Schedule& schedule, const Arguments& arguments);

// All that a kernel stores: the result, and its sums by the schedule's tiles.
Outputs outputs(const Stage& stage, const Schedule& schedule, Expected result);

}  // namespace senetc::oracle
