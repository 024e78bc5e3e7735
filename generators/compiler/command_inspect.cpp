// inspect: what is in a library, read from its file; or how a network's kernels would be cut into tasks. All computed,
// nothing run.
#include "generators/inspect/inspect.h"

#include <fmt/format.h>

#include <memory>
#include <stdexcept>

#include "generators/compiler/command_options.h"
#include "generators/compiler/commands.h"
#include "generators/compiler/schedule_flags.h"
#include "generators/compiler/targets.h"
#include "generators/compiler/task_table.h"
#include "generators/html/page.h"
#include "models/error.h"
#include "models/passes/passes.h"
#include "models/weights/formula.h"

namespace senetc {
namespace {

class InspectCommand {
  public:
    explicit InspectCommand(CLI::App& app) {
        CLI::App& command = *app.add_subcommand(
            "inspect", "Show what is in a library: plan, kernels, memory; or a network's kernels and their tasks");
        network_.add_to(command);
        command.get_option("network")->description(
            "A library that senetc built, lib<name>.so or lib<name>.a, of any target; or a network as for build");
        kernel_flag_ = command.add_option(
            "--kernel", kernel_, "Of a library: this kernel's code and inner loop; by a step's name or the kernel's");
        html_flag_ = command.add_option("--html", html_, "Of a library: write the plan, drawn, to this file");
        targets_.add_to(command);
        schedules_.add_to(
            command,
            "With --kernel: the CPU that llvm-mca estimates for, by LLVM's name; of a network: the CPU whose "
            "tuned schedules to take, or native");
        threads_flag_ = command.add_option("--threads", threads_,
                                           "Show how evenly tasks load so many threads (always, of a network)");
        threads_flag_->delimiter(',')->capture_default_str()->check(CLI::Range(1, 1024));
        command.add_option("--batch", images_, "With --threads: images computed at once")
            ->capture_default_str()
            ->check(CLI::Range(1, 65536));
        command.footer(
            std::string("Of a library: what it is, then its best variant's steps, kernels and arena; --variants names "
                        "others.\nIt is read, not loaded, so it may be for another machine.\n\n"
                        "With --threads, and of a network:\n") +
            kTaskTableLegend);
        command.callback([this] {
            if (inspect::is_library(network_.source()))
                show_library();
            else
                show_network();
        });
    }

  private:
    void show_library() const {
        const NetworkOptions options = network_.request().options;
        if (options.classes || options.reduction || options.height || options.plain)
            throw Error(
                fmt::format("{}: --classes, --reduction, --input and --plain are for networks by name; this is "
                            "a library",
                            network_.source()));
        for (const CLI::Option* flag : schedules_.flags())
            if (flag->count())
                throw Error(fmt::format("{} is for networks, and {} is a library: its schedules are chosen",
                                        flag->get_name(), network_.source()));
        if (!schedules_.cpu().empty() && !kernel_flag_->count())
            throw Error("--cpu: name the kernel to estimate with --kernel");
        const inspect::Library library = inspect::read_library(network_.source());
        if (html_flag_->count()) write_html(inspect::html(library, targets_.named_variants()));
        if (kernel_flag_->count())
            fmt::print("{}", inspect::kernel_report(library, targets_.named_variants(), kernel_, schedules_.cpu()));
        else if (threads_flag_->count())
            print_tasks(library);
        else if (!html_flag_->count())
            fmt::print("{}", inspect::overview(library, targets_.named_variants()));
    }

    void write_html(const std::string& text) const {
        html::write_file("--html", html_, text);
        fmt::print("{}\n", html_);
    }

    void print_tasks(const inspect::Library& library) const try {
        for (const PlanVariant* variant : inspect::find_variants(library, targets_.named_variants())) {
            if (variant->device != SENET_DEVICE_CPU) {
                print_no_tasks(library.plan.description, variant->name);
                continue;
            }
            std::vector<TaskStep> steps;
            for (const PlanStep& step : variant->steps)
                steps.push_back(
                    {step.name, parse_stage(step.kernel), parse_schedule(step.schedule), step.schedule_source});
            print_tasks(library.plan.description, variant->name, steps);
        }
    } catch (const std::logic_error&) {  // a stage or schedule without a number that this senetc's have
        throw Error(fmt::format("{}: its stages aren't this senetc's, so it can't tell their tasks; ask {}",
                                library.path, library.plan.producer));
    }

    void show_network() const {
        for (const CLI::Option* flag : {kernel_flag_, html_flag_})
            if (flag->count())
                throw Error(
                    fmt::format("{} is for libraries, and '{}' is none: build the network, then inspect its "
                                "lib<name>.so",
                                flag->get_name(), network_.source()));
        const LoadedNetwork network = load_network(network_.request());
        const Graph graph = run_passes(bind_formula_weights(network.graph));
        const std::vector<ChosenTarget> targets = targets_.chosen();
        const StepSchedules schedules = schedules_.chosen(targets);
        for (const ChosenTarget& target : targets) {
            for (const std::string& variant : target.variants) {
                if (find_variant(variant).on_gpu()) {
                    print_no_tasks(network.description, variant);
                    continue;
                }
                const Lowered lowered = lower(graph, choose_from(schedules, variant));
                check_steps(schedules, lowered);
                std::vector<TaskStep> steps;
                for (const LoweredStep& step : lowered.steps)
                    steps.push_back({step.name, step.stage, step.schedule, step.source});
                print_tasks(network.description, variant, steps);
            }
        }
    }

    void print_tasks(const std::string& description, const std::string& variant,
                     const std::vector<TaskStep>& steps) const {
        fmt::print("{}, variant {}, batch {}\n\n{}\n", description, variant, images_,
                   task_table(steps, threads_, images_));
    }

    static void print_no_tasks(const std::string& description, const std::string& variant) {
        fmt::print("{}, variant {}: a GPU's threads share a kernel's work, so there are no tasks to show\n\n",
                   description, variant);
    }

    NetworkFlags network_;
    TargetFlags targets_;
    ScheduleFlags schedules_;
    CLI::Option *kernel_flag_, *html_flag_, *threads_flag_;
    std::string kernel_, html_;
    std::vector<int> threads_ = {2, 4, 8, 16};
    int images_ = 1;
};

}  // namespace

void add_inspect_command(CLI::App& app) {
    static std::unique_ptr<InspectCommand> command;  // outlives parsing
    command = std::make_unique<InspectCommand>(app);
}

}  // namespace senetc
