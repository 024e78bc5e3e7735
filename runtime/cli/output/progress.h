// A line on standard error that counts images, when that is a terminal; and one at the end, which says what the rate
// was bound by, there and wherever results go to a file.
#pragma once

#include <chrono>
#include <cstdint>

namespace senet::cli {

class Progress {
  public:
    // `quiet`: no moving line (results are printed to the same terminal), only the last one. `last`: that one even
    // where standard error is no terminal.
    Progress(bool quiet, bool last);

    void update(uint64_t images, uint64_t errors);

    // Around every wait of the network for decoded images.
    void begin_wait();
    void end_wait();

    void finish(uint64_t images, uint64_t errors);

  private:
    using Clock = std::chrono::steady_clock;

    const bool terminal_, quiet_, last_;
    Clock::time_point wait_;
    Clock::duration waited_{};
    const Clock::time_point start_ = Clock::now();
    Clock::time_point shown_ = start_;
};

}  // namespace senet::cli
