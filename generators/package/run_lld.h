// lld's ELF linker in this process.
#pragma once

#include <string>
#include <vector>

namespace senetc::package {

// Runs `ld.lld ARGS`. Throws Error with the linker's own words; `making` says what for, e.g. "link libx.so".
void run_lld(const std::string& making, std::vector<std::string> args);

}  // namespace senetc::package
