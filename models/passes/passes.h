// All graph passes. Each is a function from graph to graph; none changes what the network computes.
// run_passes verifies after every pass and calls `observe` with the pass's name and result (senetc build --dump PASS).
// Any pass may be left out (--without PASS): the network is the same, only slower.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "models/graph/graph.h"

namespace senetc {

Graph infer_shapes(Graph graph);         // sets every node's type from its inputs' types
Graph fold_batch_norm(Graph graph);      // batch_norm(conv(x)) -> conv'(x): scale and shift go into weights and bias
Graph recognise_se(Graph graph);         // linear-relu-linear-sigmoid on a pooled vector -> excite
Graph release_stages(Graph graph);       // drops the stage names of maps that the passes below do away with
Graph squeeze_before_conv(Graph graph);  // excite(pool(conv(x))) -> excite'(pool(x)): the gate is known before the conv
Graph commute_gate(Graph graph);   // depthwise(scale(y, g)) -> depthwise(y, g); pool(scale(y, g)) -> scale(pool(y), g)
Graph scale_in_conv(Graph graph);  // scale(conv(x), g) -> conv(x, g)
Graph collect_sums(Graph graph);   // what a pool reads is summed where it is computed
Graph fuse_residual(Graph graph);  // relu(add(conv(x), r)) -> conv(x, r); add(scale(x, g), r) -> scale_add(x, g, r)
Graph fuse_activation(Graph graph);        // relu(conv(x)) -> conv{relu}(x), and so on for every op with an activation
Graph accumulate_downsample(Graph graph);  // conv(x, conv1x1(r)) -> conv(x, r): one kernel sums both convolutions
Graph drop_dead_code(Graph graph);         // nodes and constants that the output doesn't need

struct Pass {
    const char* name;
    const char* summary;  // one line, shown by senetc build --help
    Graph (*run)(Graph);
};
const std::vector<Pass>& default_passes();  // in order

struct PassOptions {
    std::set<std::string> without;  // names of passes to leave out
};

// Throws Error when `without` names a pass that there isn't.
Graph run_passes(Graph graph, const std::function<void(const Pass&, const Graph&)>& observe = nullptr,
                 const PassOptions& options = {});

}  // namespace senetc
