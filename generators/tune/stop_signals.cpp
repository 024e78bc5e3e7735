#include "generators/tune/stop_signals.h"

namespace senetc::tune {

namespace {

volatile std::sig_atomic_t signal_came = 0;

extern "C" void take_signal(int number) {
    if (signal_came != 0) {
        std::signal(number, SIG_DFL);
        std::raise(number);
    }
    signal_came = 1;
}

}  // namespace

// Without SA_RESTART: what waits for a candidate is woken.
StopSignals::StopSignals() {
    signal_came = 0;
    struct sigaction action {};
    action.sa_handler = take_signal;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &interrupt_);
    sigaction(SIGTERM, &action, &terminate_);
}

StopSignals::~StopSignals() {
    sigaction(SIGINT, &interrupt_, nullptr);
    sigaction(SIGTERM, &terminate_, nullptr);
}

bool StopSignals::came() {
    return signal_came != 0;
}

}  // namespace senetc::tune
