// Time per step of a network, gathered by libsenet's observer.
#pragma once

#include <cstdint>
#include <vector>

#include "senet/senet.h"

namespace senet::cli {

class Profile {
  public:
    explicit Profile(const senet_variant_v1_t& variant);

    // An observer; `profile` is the Profile.
    static void on_step(void* profile, senet_session* session, const senet_step_event* event);

    // One line a step and sums by kind, to standard output. Measures the CPU's FMA peak first, if that runs them.
    void print(uint32_t batch, uint32_t threads) const;

  private:
    const senet_variant_v1_t& variant_;
    std::vector<const senet_step_v1_t*> steps_;
    std::vector<double> seconds_;  // the least of all runs, per step
};

}  // namespace senet::cli
