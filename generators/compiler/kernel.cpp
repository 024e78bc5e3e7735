#include "generators/compiler/kernel.h"

#include <fmt/format.h>

#include "generators/compiler/hash.h"

namespace senetc {

std::string KernelSpec::text() const {
    return fmt::format("{} | {} | {}{}{}", to_string(stage), to_string(schedule), halide_target(target),
                       target.asserts ? " asserts" : "", to_string(target.cubins));
}

std::string KernelSpec::symbol() const {
    return "k_" + hash_hex(text()).substr(0, 16);
}

}  // namespace senetc
