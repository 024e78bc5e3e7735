// Times a network that was built twice, with hand's schedules and with a table's: whole runs of both by turns, and the
// least time of every step. Both models are linked with this program; it takes no arguments and prints one line of
// JSON:
//     {"senetc_network":1,"difference":1e-6,"pairs":[[hand us,tuned us],...],"hand":[us of each step],"tuned":[...]}
//
// Between two turns the other model's weights and maps have been through the caches, so each turn begins with a run
// that isn't timed: after it the caches are as they are when a network runs again and again.
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "runtime/core/spin.h"
#include "runtime/harness/network_job.h"
#include "runtime/harness/report.h"
#include "senet/senet.h"

extern "C" {
const senet_model_v1_t* senet_model_hand(uint32_t abi_version);
const senet_model_v1_t* senet_model_tuned(uint32_t abi_version);
extern const senetc_network_job_t senetc_network_job;
}

namespace senet {
namespace {

constexpr double kTurnSeconds = 10e-3;  // of timed runs, or one run
// Of six pairs a median has an interval, of twenty a good one: for that a large network gets more time.
constexpr int kLeastPairs = 6, kGoodPairs = 20, kMostPairs = 500;
constexpr double kMoreTime = 5;

double seconds_since(int64_t begin) {
    return static_cast<double>(now_nanoseconds() - begin) * 1e-9;
}

void check(senet_status status) {
    if (status != SENET_OK) report_failure("failed", "%s", senet_last_message());
}

float* allocate(size_t count) {
    float* values = static_cast<float*>(calloc(count, sizeof(float)));
    if (values == nullptr) report_failure("failed", "this machine has no memory for the network's images");
    return values;
}

// A network that is run again and again.
class Side {
  public:
    Side(const char* name, senet_model_query_v1_t query, const senetc_network_job_t& job)
        : name_(name), images_(job.images) {
        senet_model_options model_options{};
        model_options.variant = job.variant;
        check(senet_model_open_linked(query, &model_options, &model_));
        senet_session_options options{};
        options.max_batch = job.images;
        options.threads = job.threads;
        check(senet_session_open(model_, &options, &session_));
        if (senet_session_threads(session_) != job.threads)
            report_failure("failed", "%u threads are asked for and this machine gives %u", job.threads,
                           senet_session_threads(session_));
        const senet_model_v1_t& tables = *senet_model_describe(model_);
        values_ = size_t{images_} * tables.channels * tables.height * tables.width;
        logits_count_ = size_t{images_} * tables.classes;
        logits_ = allocate(logits_count_);
        for (uint32_t i = 0; i < num_steps(); ++i) step_seconds(i) = 1e30;
        check(senet_session_observe(session_, on_step, this));
    }

    uint32_t num_steps() const { return senet_model_variant(model_)->num_steps + 1; }  // the ingest step is the first
    double& step_seconds(uint32_t index) {
        if (index >= sizeof steps_ / sizeof *steps_) report_failure("failed", "the network has too many steps");
        return steps_[index];
    }
    size_t values() const { return values_; }
    const float* logits() const { return logits_; }
    size_t logits_count() const { return logits_count_; }

    double run(const float* images) {
        now_runs(name_);
        const int64_t begin = now_nanoseconds();
        check(senet_session_run_f32(session_, images_, images, logits_));
        return seconds_since(begin);
    }

    // The least time of a turn's runs but the first.
    double turn(const float* images) {
        run(images);
        double least = 1e30;
        const int64_t begin = now_nanoseconds();
        do {
            const double seconds = run(images);
            if (seconds < least) least = seconds;
        } while (seconds_since(begin) < kTurnSeconds);
        return least;
    }

  private:
    static void on_step(void* user, senet_session*, const senet_step_event* event) {
        double& least = static_cast<Side*>(user)->step_seconds(event->index);
        if (event->seconds < least) least = event->seconds;
    }

    const char* name_;
    uint32_t images_;
    senet_model* model_ = nullptr;
    senet_session* session_ = nullptr;
    size_t values_ = 0, logits_count_ = 0;
    float* logits_ = nullptr;
    double steps_[4096];
};

// Numbers like a normalised picture's, the same at every run.
float* some_images(size_t count) {
    float* values = allocate(count);
    uint32_t state = 1;
    for (size_t i = 0; i < count; ++i) {
        state = state * 1664525u + 1013904223u;
        values[i] = static_cast<float>(state >> 8) / static_cast<float>(1 << 24) * 4 - 2;
    }
    return values;
}

// The largest difference of two logits, by the largest of hand's.
double difference(const Side& hand, const Side& tuned) {
    double largest = 1e-30, most = 0;
    for (size_t i = 0; i < hand.logits_count(); ++i) {
        const double apart = fabs(static_cast<double>(hand.logits()[i]) - static_cast<double>(tuned.logits()[i]));
        if (!(apart <= most)) most = apart;  // not a number is the most
        const double size = fabs(static_cast<double>(hand.logits()[i]));
        if (size > largest) largest = size;
    }
    return most / largest;
}

// The line, as it grows.
class Line {
  public:
    template <typename... Values>
    void add(const char* format, Values... values) {
        const int count = snprintf(text_ + used_, sizeof text_ - used_, format, values...);
        used_ += static_cast<size_t>(count);
        if (used_ >= sizeof text_) report_failure("failed", "the network has too many steps for one line");
    }
    void add_steps(const char* name, Side& side) {
        add(",\"%s\":[", name);
        for (uint32_t i = 0; i < side.num_steps(); ++i) add("%s%.4g", i == 0 ? "" : ",", side.step_seconds(i) * 1e6);
        add("]");
    }
    [[noreturn]] void finish() { report_line(text_, used_); }

  private:
    char text_[60000];
    size_t used_ = 0;
};

bool enough(int pairs, double seconds, const senetc_network_job_t& job) {
    if (pairs < kLeastPairs) return false;
    return pairs >= kMostPairs || seconds > (pairs < kGoodPairs ? kMoreTime : 1) * job.seconds;
}

[[noreturn]] void measure(const senetc_network_job_t& job) {
    if (job.magic != SENETC_NETWORK_JOB_MAGIC) report_failure("failed", "the program has no job");
    report_unexpected_ends(job.limit_seconds);
    now_runs("opening the networks");
    static Side hand("the network with hand's schedules", senet_model_hand, job);
    static Side tuned("the network with the table's schedules", senet_model_tuned, job);
    const float* images = some_images(hand.values());
    hand.run(images);
    tuned.run(images);

    static Line line;
    line.add("{\"senetc_network\":1,\"difference\":%.4g,\"pairs\":[", difference(hand, tuned));
    const int64_t begin = now_nanoseconds();
    for (int pair = 0; !enough(pair, seconds_since(begin), job); ++pair) {
        // ABBA: neither always follows the other.
        const double first = (pair % 2 == 0 ? hand : tuned).turn(images);
        const double second = (pair % 2 == 0 ? tuned : hand).turn(images);
        line.add("%s[%.6g,%.6g]", pair == 0 ? "" : ",", (pair % 2 == 0 ? first : second) * 1e6,
                 (pair % 2 == 0 ? second : first) * 1e6);
    }
    line.add("]");
    line.add_steps("hand", hand);
    line.add_steps("tuned", tuned);
    line.add("}\n");
    line.finish();
}

}  // namespace
}  // namespace senet

int main() {
    senet::measure(senetc_network_job);
}
