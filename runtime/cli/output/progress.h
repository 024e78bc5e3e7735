// A line on standard error that counts images, when that is a terminal; nothing otherwise.
#pragma once

#include <chrono>
#include <cstdint>

namespace senet::cli {

class Progress {
  public:
    // `quiet`: no moving line (results are printed to the same terminal), only the last one.
    explicit Progress(bool quiet);

    void update(uint64_t images, uint64_t errors);
    void finish(uint64_t images, uint64_t errors);

  private:
    using Clock = std::chrono::steady_clock;

    const bool terminal_, quiet_;
    const Clock::time_point start_ = Clock::now();
    Clock::time_point shown_ = start_;
};

}  // namespace senet::cli
