// What the compiler throws for anything that the user can mend: one sentence that says what, where and what to do.
// Caught once, in main.
#pragma once

#include <stdexcept>

namespace senetc {

struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace senetc
