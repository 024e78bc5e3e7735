// --schedule --schedule-stage --fallback --cpu: where a command's schedules come from.
#pragma once

#include <string>
#include <vector>

#include "generators/compiler/command_options.h"
#include "generators/compiler/step_schedules.h"

namespace senetc {

class ScheduleFlags {
  public:
    void add_to(CLI::App& command, const std::string& cpu_help = kCpuHelp);

    // Throws Error: a source or table that can't be used for these targets. Notes about what is done otherwise than
    // asked go to standard error.
    StepSchedules chosen(const std::vector<ChosenTarget>& targets) const;

    const std::string& cpu() const { return cpu_; }                    // as given
    const std::vector<CLI::Option*>& flags() const { return flags_; }  // but --cpu
    const CLI::Option& cpu_flag() const { return *cpu_flag_; }

    static const char* const kCpuHelp;

  private:
    std::string named_cpu(const std::vector<ChosenTarget>& targets) const;
    ScheduleSource source(const std::string& flag, const std::string& text, const std::vector<ChosenTarget>& targets,
                          const std::string& cpu) const;

    std::string schedule_, cpu_;
    std::vector<std::string> of_steps_;
    bool fallback_ = false;
    std::vector<CLI::Option*> flags_;
    CLI::Option* cpu_flag_ = nullptr;
};

}  // namespace senetc
