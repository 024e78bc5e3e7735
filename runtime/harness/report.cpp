#include "runtime/harness/report.h"

#include <unistd.h>

#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <initializer_list>

namespace senet {
namespace {

const char* volatile running = "";
unsigned limit = 0;

[[noreturn]] void print_failure(const char* status, const char* message) {
    char line[768];
    const int bytes = snprintf(line, sizeof line, "{\"senetc_measurement\":1,\"status\":\"%s\",\"message\":\"%s\"}\n",
                               status, message);
    report_line(line, static_cast<size_t>(bytes));
}

// snprintf isn't meant for signal handlers; without floats, and with the heap untouched, glibc's works in them.
void on_signal(int signal) {
    char message[128];
    if (signal == SIGALRM) {
        snprintf(message, sizeof message, "it took longer than %u s, in %s", limit, running);
        print_failure("timeout", message);
    }
    snprintf(message, sizeof message, "%s ended with signal %d (SIG%s)", running, signal, sigabbrev_np(signal));
    print_failure(strcmp(running, "the candidate") == 0 ? "crash" : "failed", message);
}

}  // namespace

void report_line(const char* line, size_t bytes) {
    for (size_t done = 0; done < bytes;) {
        const ssize_t count = write(STDOUT_FILENO, line + done, bytes - done);
        if (count <= 0) _exit(1);
        done += static_cast<size_t>(count);
    }
    _exit(0);
}

void report_unexpected_ends(unsigned limit_seconds) {
    static char stack[65536];
    const stack_t alternative{stack, 0, sizeof stack};
    sigaltstack(&alternative, nullptr);
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_ONSTACK;
    for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM}) sigaction(signal, &action, nullptr);
    limit = limit_seconds;
    alarm(limit_seconds);
}

void now_runs(const char* what) {
    running = what;
}

void report_measurement(const MeasurementReport& m) {
    char line[768], cold[2][40] = {}, from[24] = "null";
    if (m.cold != nullptr) {
        snprintf(from, sizeof from, "\"%s\"", m.cold);
        snprintf(cold[0], sizeof cold[0], ",\"cold_us\":%.6g", m.candidate.cold_us);
        snprintf(cold[1], sizeof cold[1], ",\"cold_us\":%.6g", m.incumbent.cold_us);
    }
    const int bytes = snprintf(line, sizeof line,
                               "{\"senetc_measurement\":1,\"status\":\"ok\",\"message\":\"\",\"error\":%.4g,\"rounds\":"
                               "%d,\"stopped_early\":%s,"
                               "\"cold\":%s,\"candidate\":{\"warm_us\":%.6g%s},\"incumbent\":{\"warm_us\":%.6g%s}}\n",
                               m.error, m.rounds, m.stopped_early ? "true" : "false", from, m.candidate.warm_us,
                               cold[0], m.incumbent.warm_us, cold[1]);
    report_line(line, static_cast<size_t>(bytes));
}

void report_failure(const char* status, const char* format, ...) {
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    print_failure(status, message);
}

}  // namespace senet
