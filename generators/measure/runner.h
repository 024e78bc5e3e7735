// Runs measuring programs one after the other, here or wherever a user's command takes them, without waiting.
#pragma once

#include <poll.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "generators/measure/run_output.h"

namespace senetc::measure {

class Runner {
  public:
    using Clock = std::chrono::steady_clock;

    // command: a shell's, which gets the program's path as its last word; "": the program is run here, with at most
    // `memory` bytes. A run that takes longer than `seconds` is ended, with all processes of its group.
    Runner(std::string command, int seconds, int64_t memory);
    ~Runner();  // ends what runs
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    bool here() const { return command_.empty(); }
    bool busy() const { return process_ > 0; }

    // Throws Error when no process can be started.
    void start(const std::filesystem::path& program);

    // While busy: what to poll for, and till when.
    void add_to(std::vector<pollfd>& polled) const;
    Clock::time_point deadline() const { return deadline_; }

    // Takes in what there is, ends a run that is past its deadline; the output when the run is over.
    std::optional<RunOutput> poll();

  private:
    [[noreturn]] void run_child(const std::filesystem::path& program, int out, int err, pid_t parent) const;
    void finish(bool kill_it);

    std::string command_;
    int seconds_;
    int64_t memory_;
    pid_t process_ = -1;  // leads a group of its own
    int ended_ = -1, out_ = -1, err_ = -1;
    Clock::time_point deadline_;
    RunOutput output_;
};

}  // namespace senetc::measure
