// Measures candidates, several at a time. The search knows only this; behind it are child processes and runners
// (machine_evaluator.h), or, in tests, a formula.
#pragma once

#include <optional>
#include <utility>

#include "generators/tune/measurement.h"

namespace senetc::tune {

class Evaluator {
  public:
    virtual ~Evaluator() = default;
    virtual int capacity() const = 0;  // candidates that may be under way at once
    virtual void start(int id, const Candidate& candidate) = 0;
    // The next that is done, or nothing after `seconds`, or when a signal came; at least one is under way.
    virtual std::optional<std::pair<int, Measurement>> wait(double seconds) = 0;
};

}  // namespace senetc::tune
