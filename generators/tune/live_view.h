// What a person sees of a tuning run: on a terminal a few lines that are rewritten in place, elsewhere a line for every
// improvement.
//
//     search   layer1.0.conv2, 3 uses, avx512
//     best     541.2 us, hand 573.1 us, -5.6 %, winograd, 112 % of FMA peak (as if direct)
//     network  30.12 -> 28.40 ms, -5.7 %
//     time     0:42:10 of 2:00:00, 1:17:50 left, 38 a minute
//     tried    412: 380 ok, 21 stopped early, 8 refused, 3 wrong
//
// No mode of the terminal is ever changed, and the cursor always stands at the beginning of the line below: whenever
// and however the program ends, the terminal is as it was.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "generators/tune/observer.h"

namespace senetc::tune {

struct LiveOptions {
    double fma_peak = 0;   // GFLOP/s of all threads that a stage is timed with; 0: unknown
    int images = 1;        // of a timed call
    double seconds = 0.1;  // between two drawings, at least
    std::function<void(const std::string& text)> write;  // "": to standard error
    std::function<int()> columns;  // of the terminal, asked at each drawing; 0: there is none. "": standard error's
};

class LiveView : public Observer {
  public:
    explicit LiveView(LiveOptions options);

    void measured(const Candidate& candidate, const Measurement& measurement, bool improved,
                  const Progress& progress) override;
    void tick(const Progress& progress) override;
    void note(const std::string& sentence) override;

  private:
    void draw(const Progress& progress);
    void erase();
    std::vector<std::string> lines(const Progress& progress) const;
    double rate(double elapsed) const;

    LiveOptions options_;
    std::vector<size_t> drawn_;       // lengths of the lines on the screen
    std::deque<double> measured_at_;  // `elapsed` of the last minutes' candidates
    double first_elapsed_ = -1;       // when this session began to watch
    double drawn_at_ = -1;            // seconds of a steady clock
    int stopped_early_ = 0;           // of the candidates seen here
};

}  // namespace senetc::tune
