// A kernel to compile: stage, schedule and target; and what compiling it gave.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "generators/compiler/emit_kernel.h"
#include "generators/compiler/stage.h"

namespace senetc {

struct KernelSpec {
    Stage stage;
    Schedule schedule;
    KernelTarget target;
    std::filesystem::path weights_folder = {};  // of the cost model's weights that the schedule names, if any

    // "conv ci=64 ... | direct tile_x=14 ... | x86-64-linux-...": everything that decides the object's bytes, but for
    // senetc itself.
    std::string text() const;
    // "k_" and 16 hexadecimal digits of the text's hash.
    std::string symbol() const;
};

}  // namespace senetc
