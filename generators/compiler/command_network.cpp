// list, show and weights: what senetc knows of networks without compiling one.
#include <fmt/format.h>

#include <memory>

#include "generators/compiler/command_options.h"
#include "generators/compiler/commands.h"
#include "generators/compiler/targets.h"
#include "models/error.h"
#include "models/graph/print.h"
#include "models/weights/bind.h"
#include "models/weights/formula.h"
#include "models/weights/safetensors.h"
#include "models/weights/safetensors_writer.h"
#include "models/zoo/zoo.h"

namespace senetc {

void add_list_command(CLI::App& app) {
    app.add_subcommand("list", "Show the networks and the targets")->callback([] {
        fmt::print("networks (senetc build NAME --weights FILE)\n");
        for (const Network& network : networks()) fmt::print("  {:<20} {}\n", network.name, network.summary);
        fmt::print("\ntargets (--target NAME)\n");
        for (const TargetInfo& target : targets())
            fmt::print("  {:<20} {}; variants {}\n", target.name, target.summary, variant_names(target));
    });
}

void add_show_command(CLI::App& app) {
    auto flags = std::make_shared<NetworkFlags>();
    CLI::App& command = *app.add_subcommand("show", "Print a network as a .graph file, to read, or to edit and build");
    flags->add_to(command);
    command.callback([flags] { fmt::print("{}", print(load_network(flags->request()).graph)); });
}

namespace {

struct WeightsCommand {
    NetworkFlags network;
    std::string output, statistics;

    void run() const {
        const LoadedNetwork loaded = load_network(network.request());
        std::map<std::string, Tensor> given;
        if (!statistics.empty()) given = read_safetensors(statistics).tensors;
        const Graph graph = bind_formula_weights(loaded.graph, given);
        std::map<std::string, FloatArray> tensors;
        for (const auto& [name, tensor] : graph.constants) tensors[name] = {tensor.shape(), tensor.to_floats()};
        write_safetensors(output, tensors);
        fmt::print("{}: {} tensors for {}\n", output, graph.constants.size(), loaded.description);
    }
};

}  // namespace

void add_weights_command(CLI::App& app) {
    auto work = std::make_shared<WeightsCommand>();
    CLI::App& command = *app.add_subcommand(
        "weights",
        "Write weights made by a formula (docs/formula-weights.md), to measure a network before it is trained");
    work->network.add_to(command);
    command.add_option("-o,--output", work->output, "The safetensors file to write")->required();
    command
        .add_option("--statistics", work->statistics,
                    "Safetensors with running_mean and running_var to take instead of 0 and 1")
        ->check(CLI::ExistingFile);
    command.callback([work] { work->run(); });
}

}  // namespace senetc
