#include "models/passes/passes.h"

#include <fmt/format.h>

#include "models/error.h"
#include "models/graph/verify.h"

namespace senetc {

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
        // Before fuse_activation: relu(add(conv, r)) has the addition inside.
        {"fuse_residual", "adds residuals where the other operand is computed", fuse_residual},
        {"fuse_activation", "applies activations where their operand is computed", fuse_activation},
    };
    return passes;
}

Graph run_passes(Graph graph, const std::function<void(const Pass&, const Graph&)>& observe) {
    for (const Pass& pass : default_passes()) {
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
