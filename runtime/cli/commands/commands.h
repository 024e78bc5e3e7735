// The subcommands of senet. Each add_* describes its options to CLI11 and returns what runs it after parsing.
#pragma once

#include <CLI/App.hpp>
#include <functional>

namespace senet::cli {

// Exit statuses.
constexpr int all_fine = 0, some_failed = 1, nothing_done = 2;

using Command = std::function<int()>;

Command add_run(CLI::App& app);
Command add_bench(CLI::App& app);
Command add_info(CLI::App& app);

}  // namespace senet::cli
