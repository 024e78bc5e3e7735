#include "runtime/cli/error.h"

#include <system_error>

namespace senet::cli {

std::string errno_text(int error) {
    return std::generic_category().message(error);
}

}  // namespace senet::cli
