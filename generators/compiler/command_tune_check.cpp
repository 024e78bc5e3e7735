// tune check: is a network faster with a table of schedules than by hand, and by how much?
#include <fmt/format.h>

#include <memory>

#include "generators/compiler/command_options.h"
#include "generators/compiler/commands.h"
#include "generators/compiler/targets.h"
#include "generators/tune/network_check.h"
#include "models/error.h"

namespace senetc {
namespace {

class TuneCheckCommand {
  public:
    explicit TuneCheckCommand(CLI::App& tune) {
        CLI::App& command = *tune.add_subcommand(
            "check",
            "Time a whole network with a table's schedules against hand's, and name the entries that don't help");
        command.add_option("table", table_, "A table that senetc tune wrote")->required()->check(CLI::ExistingFile);
        network_.add_to(command);
        command.add_option("-o,--output", output_, "Write the table without those entries to this file");
        command.add_option("--runner", timing_.runner,
                           "Shell command that runs a program on the machine to measure; gets its path as last word");
        threads_flag_ = command.add_option("--threads", timing_.threads, "Threads of a run, if not the table's")
                            ->check(CLI::Range(1, 1024));
        command.add_option("--batch", timing_.images, "Images of a run")
            ->capture_default_str()
            ->check(CLI::Range(1, 1024));
        command.add_option("--seconds", timing_.seconds, "How long to time before each decision")
            ->capture_default_str()
            ->check(CLI::Range(0.1, 3600.0));
        command.add_flag("--steps", steps_, "Print every step's time by hand and tuned");
        command.add_option("-j,--jobs", timing_.jobs, "Kernels to compile at once; 0: one a core")
            ->check(CLI::Range(0, 1024));
        cache_.add_to(command);
        command.footer("Both networks run in one program, by turns; weights are made by formula.");
        command.callback([this] { run(); });
    }

  private:
    void run() {
        const ScheduleTable table = read_table(table_);
        if (threads_flag_->count() == 0) timing_.threads = table.threads;
        if (timing_.runner.empty() && !is_native(find_target(table.target)))
            throw Error(fmt::format("{} is for {}: name a command that runs programs there, by --runner", table_,
                                    table.target));
        const LoadedNetwork network = load_network(network_.request());
        const tune::CheckReport report = tune::check_network(table, network, cache_.open(), timing_, show_note);
        for (const tune::VariantCheck& check : report.variants) {
            if (steps_) fmt::print("{}", tune::step_table(check));
            fmt::print("{}\n", tune::sentence(check));
        }
        if (report.variants.empty()) fmt::print("{} has no entries\n", table_);
        if (!output_.empty()) write_table(output_, report.table);
    }

    NetworkFlags network_;
    CacheFlags cache_;
    tune::NetworkTiming timing_;
    CLI::Option* threads_flag_;
    std::string table_, output_;
    bool steps_ = false;
};

}  // namespace

void add_tune_check_command(CLI::App& tune) {
    static std::unique_ptr<TuneCheckCommand> command;  // outlives parsing
    command = std::make_unique<TuneCheckCommand>(tune);
}

}  // namespace senetc
