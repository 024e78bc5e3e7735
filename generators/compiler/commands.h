// senetc's subcommands: each adds itself to the command line and does its work in a callback.
#pragma once

#include <CLI/CLI.hpp>

namespace senetc {

void add_build_command(CLI::App& app);
void add_list_command(CLI::App& app);
void add_show_command(CLI::App& app);
void add_weights_command(CLI::App& app);
void add_cache_command(CLI::App& app);
void add_bench_stages_command(CLI::App& app);
void add_bench_schedules_command(CLI::App& app);
void add_inspect_command(CLI::App& app);
void add_tune_command(CLI::App& app);
void add_tune_report_command(CLI::App& tune);  // commands of tune's
void add_tune_check_command(CLI::App& tune);
void add_verify_command(CLI::App& app, int& status);  // status: the program's, once the command has run

}  // namespace senetc
