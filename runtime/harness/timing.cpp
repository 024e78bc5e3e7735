#include "runtime/harness/timing.h"

#include "runtime/core/spin.h"
#include "runtime/harness/check.h"
#include "runtime/harness/cold.h"

namespace senet {
namespace {

constexpr double kGroupSeconds = 20e-6;  // against which the clock's own tens of nanoseconds are nothing
constexpr double kWarmShare = 0.6;       // of the time, where cold calls are timed, too
constexpr int kTurns = 30;               // that the time is cut into
constexpr int kFewTurns = 5;
constexpr int kFewColdCalls = 5;
// Where cold times are what counts, reading parameters is most of a call: a kernel may take longer warm and yet be the
// faster one, so warm times stop it only where it is slower by that much more.
constexpr double kWarmMayBeSlower = 2;

double seconds_since(int64_t begin) {
    return static_cast<double>(now_nanoseconds() - begin) * 1e-9;
}

class Timed {
  public:
    Timed(Call& call, const char* name) : call_(call), name_(name) {
        run_checked(call_, name_);
        const double once = group(1);
        if (once < kGroupSeconds) group_ = static_cast<int>(kGroupSeconds / (once > 1e-9 ? once : 1e-9)) + 1;
    }

    // A call to fetch what the other kernel has pushed out of the caches, then groups of calls.
    void turn(double seconds) {
        const int64_t begin = now_nanoseconds();
        run_checked(call_, name_);
        do {
            const double time = group(group_) / group_;
            if (time < warm_) warm_ = time;
        } while (seconds_since(begin) < seconds);
    }

    void cold_call(const Cold& cold) {
        cold.before(call_);
        const double time = group(1);
        if (time < cold_) cold_ = time;
    }

    double warm() const { return warm_; }
    double cold() const { return cold_; }
    TimesReport report() const { return {warm_ * 1e6, cold_ * 1e6}; }

  private:
    double group(int calls) {
        now_runs(name_);
        const int64_t begin = now_nanoseconds();
        for (int i = 0; i < calls; ++i) call_.run();
        return seconds_since(begin);
    }

    Call& call_;
    const char* name_;
    int group_ = 1;
    double warm_ = 1e30, cold_ = 1e30;
};

// Turns until the time is over; returns how many. `turn(timed)` is one of either.
template <typename Turn, typename Enough>
int alternate(Timed& candidate, Timed& incumbent, const Turn& turn, const Enough& enough) {
    int rounds = 0;
    while (!enough(rounds)) {
        // ABBA: neither always follows the other.
        turn(rounds % 2 == 0 ? candidate : incumbent);
        turn(rounds % 2 == 0 ? incumbent : candidate);
        ++rounds;
    }
    return rounds;
}

}  // namespace

MeasurementReport time_calls(Call& candidate_call, Call& incumbent_call, const Arena& arena,
                             const senetc_job_header_t& job) {
    candidate_call.use(arena, 0, job.images);
    incumbent_call.use(arena, 0, job.images);
    Timed candidate(candidate_call, "the candidate"), incumbent(incumbent_call, "the incumbent");
    MeasurementReport report{};
    Cold cold;
    report.cold = job.cold != 0 && cold.prepare(job.network_bytes, job.threads) ? cold.from() : nullptr;
    const double warm_seconds = report.cold != nullptr ? job.seconds * kWarmShare : job.seconds;
    const int64_t begin = now_nanoseconds();
    const double give_up_warm = job.give_up * (report.cold != nullptr ? kWarmMayBeSlower : 1);
    auto slow = [&] { return candidate.warm() > give_up_warm * incumbent.warm(); };
    auto slow_cold = [&] { return candidate.cold() > job.give_up * incumbent.cold(); };
    report.rounds = alternate(
        candidate, incumbent, [&](Timed& timed) { timed.turn(warm_seconds / (2 * kTurns)); },
        [&](int rounds) {
            report.stopped_early = rounds >= kFewTurns && slow();
            return report.stopped_early || (rounds >= kFewTurns && seconds_since(begin) > warm_seconds);
        });
    if (report.cold != nullptr)
        alternate(
            candidate, incumbent, [&](Timed& timed) { timed.cold_call(cold); },
            [&](int calls) {
                report.stopped_early |= calls >= kFewColdCalls && slow_cold();
                return calls >= kFewColdCalls && (report.stopped_early || seconds_since(begin) > job.seconds);
            });
    now_runs("the program");
    report.candidate = candidate.report();
    report.incumbent = incumbent.report();
    return report;
}

}  // namespace senet
