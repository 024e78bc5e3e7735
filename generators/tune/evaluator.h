// Measures candidates, several at a time. The search knows only this; behind it are child processes and runners
// (machine_evaluator.h), or, in tests, a formula.
#pragma once

#include <utility>

#include "generators/tune/measurement.h"

namespace senetc::tune {

class Evaluator {
  public:
    virtual ~Evaluator() = default;
    virtual int capacity() const = 0;  // candidates that may be under way at once
    virtual void start(int id, const Candidate& candidate) = 0;
    virtual std::pair<int, Measurement> wait() = 0;  // the next that is done; at least one is under way
};

}  // namespace senetc::tune
