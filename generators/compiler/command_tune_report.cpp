// tune report: a tuning run told from its journal, which may come from another machine or be written right now.
#include <fmt/format.h>

#include <memory>

#include "generators/compiler/commands.h"
#include "generators/html/page.h"
#include "generators/tune/report/report.h"
#include "models/error.h"

namespace senetc {
namespace {

class TuneReportCommand {
  public:
    explicit TuneReportCommand(CLI::App& tune) {
        CLI::App& command =
            *tune.add_subcommand("report", "Tell of a tuning run what its journal knows: as a table, or drawn");
        command.add_option("journal", journal_, "A journal that senetc tune wrote or is writing")
            ->required()
            ->check(CLI::ExistingFile);
        command.add_option("--html", html_, "Write it drawn to this file, which needs no other");
        command.add_option("--markdown", markdown_, "Write the table to this file instead of standard output");
        command.callback([this] { run(); });
    }

  private:
    void run() const {
        const tune::JournalContents journal = tune::read_journal(journal_);
        if (journal.empty)
            throw Error(fmt::format("{}: it is empty: the run that should have written it did not begin", journal_));
        const tune::report::Record record = tune::report::make_record(journal);
        if (!html_.empty()) html::write_file("--html", html_, tune::report::html(record));
        if (!markdown_.empty()) html::write_file("--markdown", markdown_, tune::report::markdown(record));
        for (const std::string& file : {html_, markdown_})
            if (!file.empty()) fmt::print("{}\n", file);
        if (html_.empty() && markdown_.empty()) fmt::print("{}", tune::report::markdown(record));
    }

    std::string journal_, html_, markdown_;
};

}  // namespace

void add_tune_report_command(CLI::App& tune) {
    static std::unique_ptr<TuneReportCommand> command;  // outlives parsing
    command = std::make_unique<TuneReportCommand>(tune);
}

}  // namespace senetc
