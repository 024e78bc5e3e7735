// Random arguments of a stage, the same on every machine.
#pragma once

#include <cstdint>

#include "generators/oracle/evaluate.h"

namespace senetc::oracle {

// Values in [-1, 1), floats; bytes for the u8 image.
class Random {
  public:
    explicit Random(uint32_t seed = 1) : state_(seed) {}
    Array fill(Array array, bool bytes);

  private:
    uint32_t next() { return state_ = state_ * 1664525u + 1013904223u; }
    uint32_t state_;
};

// Of one image. They depend on the stage alone: every schedule of it gets the same.
Arguments random_arguments(const Stage& stage, const Schedule& schedule, Random& random);

}  // namespace senetc::oracle
