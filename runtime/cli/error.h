// One sentence that says what went wrong, where and what to do. Thrown inside the program and shown either in an
// image's row or after "senet: " on standard error.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace senet::cli {

class Error : public std::runtime_error {
  public:
    template <typename... Args>
    explicit Error(fmt::format_string<Args...> format, Args&&... args)
        : std::runtime_error(fmt::format(format, std::forward<Args>(args)...)) {}
};

// The sentence that belongs to `errno`, e.g. "No such file or directory".
std::string errno_text(int error);

}  // namespace senet::cli
