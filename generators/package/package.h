// Turns a plan, its kernels and its weights into what users link or load:
//     lib<name>.so   one exported symbol, senet_model_<name>; a trailer with length and hash at its end
//     lib<name>.a    one relocatable object with that one global symbol
//     <name>.h       declares it and the shapes
//     <name>.weights with weights_beside: the packed weights and a trailer
// LLVM emits the plan's object, localises every other symbol and writes the archive; lld links; all in one child
// process. The same input gives the same bytes.
#pragma once

#include <string>
#include <vector>

#include "generators/package/plan.h"

namespace senetc {

struct PackageInput {
    Plan plan;
    std::vector<std::string> objects;  // paths of kernel objects
    std::string weights;               // path of the packed weights' file: raw bytes
    bool weights_beside = false;
    std::string triple = "x86_64-unknown-linux-gnu";
    std::string output_folder;  // created if missing; files appear whole or not at all
};

// Returns the paths written. Throws Error.
std::vector<std::string> write_package(const PackageInput& input);

}  // namespace senetc
