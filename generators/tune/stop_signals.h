// Ctrl-C and SIGTERM as a question: the first one asks the program to end in order, the second ends it at once.
#pragma once

#include <csignal>

namespace senetc::tune {

class StopSignals {
  public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    static bool came();

  private:
    struct sigaction interrupt_, terminate_;  // those before
};

}  // namespace senetc::tune
