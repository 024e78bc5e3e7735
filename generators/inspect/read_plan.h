// The tables of senet/model_abi.h, out of a library's image.
#pragma once

#include "generators/inspect/elf_image.h"
#include "generators/inspect/library.h"

namespace senetc::inspect {

// Fills all of `library` but path, target and kernels. Throws Error.
void read_plan(const ElfImage& image, Library& library);

}  // namespace senetc::inspect
