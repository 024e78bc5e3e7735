#include "models/passes/passes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "models/error.h"
#include "models/graph/verify.h"

namespace senetc {

namespace {

void check_names(const std::set<std::string>& without) {
    std::vector<std::string> known;
    for (const Pass& pass : default_passes()) known.push_back(pass.name);
    for (const std::string& name : without)
        if (std::find(known.begin(), known.end(), name) == known.end())
            throw Error(
                fmt::format("there is no pass '{}' to leave out; the passes are {}", name, fmt::join(known, ", ")));
}

}  // namespace

const std::vector<Pass>& default_passes() {
    static const std::vector<Pass> passes = {
        {"infer_shapes", "sets every value's type", infer_shapes},
        // Before the fusions: a value with a second user, though dead, can't be fused away.
        {"drop_dead_code", "drops nodes and constants that the output doesn't need", drop_dead_code},
        // Before the other fusions: an addition or activation goes into the convolution that the batch norm left
        // behind.
        {"fold_batch_norm", "folds batch norms into the convolutions before them", fold_batch_norm},
        // Before fuse_activation, which would take the excitation apart.
        {"recognise_se", "makes each squeeze-and-excitation gate one operation", recognise_se},
        // Before the four that follow, which leave values with a public name alone.
        {"release_stages", "drops the stage names of maps that would only be stored to be seen", release_stages},
        // Before scale_in_conv: a convolution can't be scaled while its gate is computed from its value.
        {"squeeze_before_conv", "computes gates from what the convolution reads, by folding it into the excitation",
         squeeze_before_conv},
        {"commute_gate", "moves gates into the depthwise convolutions and behind the pools that follow", commute_gate},
        // Before fuse_residual: relu(add(scale(conv, g), r)) has the scale inside.
        {"scale_in_conv", "multiplies by the gate where the convolution is computed", scale_in_conv},
        // Before fuse_activation: relu(add(conv, r)) has the addition inside.
        {"fuse_residual", "adds residuals where the other operand is computed", fuse_residual},
        {"fuse_activation", "applies activations where their operand is computed", fuse_activation},
        // After fuse_residual, which makes the shortcut an input of the convolution.
        {"accumulate_downsample", "adds a shortcut's 1x1 convolution up where the residual is added",
         accumulate_downsample},
        // Last: only now is it settled which operation computes a value.
        {"collect_sums", "sums maps where they are computed, for the pools that read them", collect_sums},
    };
    return passes;
}

Graph run_passes(Graph graph, const std::function<void(const Pass&, const Graph&)>& observe,
                 const PassOptions& options) {
    check_names(options.without);
    for (const Pass& pass : default_passes()) {
        if (options.without.contains(pass.name)) continue;
        graph = pass.run(std::move(graph));
        try {
            verify(graph);
        } catch (const Error& error) {
            throw Error(fmt::format("after pass {}: {}", pass.name, error.what()));
        }
        if (observe) observe(pass, graph);
    }
    return graph;
}

}  // namespace senetc
