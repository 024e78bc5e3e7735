// Runs senet as users do.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "tests/runtime/support/files.h"

namespace senet::cli {

struct Outcome {
    int status;  // exit status, or -signal
    std::string output, errors;
};

// A child process; its standard output and error go to files, its output elsewhere if a path is given.
class Program {
  public:
    explicit Program(std::vector<std::string> arguments, const std::string& input = "", const std::string& output = "");
    Outcome wait();
    pid_t pid() const { return pid_; }

  private:
    senetc::TemporaryFolder folder_;
    const bool own_output_;
    pid_t pid_;
};

inline Outcome senet_program(std::vector<std::string> arguments, const std::string& input = "") {
    return Program(std::move(arguments), input).wait();
}

// The colours model in `folder`, with its trailer: its path.
std::string colours_library(const senetc::TemporaryFolder& folder);

}  // namespace senet::cli
