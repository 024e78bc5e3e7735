// A new file through LLVM's streams, which end the process when a write error is left unseen.
#pragma once

#include <string>

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace senetc::package {

// Creates `path` and has `fill` write it. Throws Error when anything of that failed.
void write_file(const std::string& path, llvm::function_ref<void(llvm::raw_pwrite_stream&)> fill);

}  // namespace senetc::package
