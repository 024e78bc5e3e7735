// Graph text: refused with an Error that names the line, or a legal graph. That one prints and parses to itself, goes
// through all passes, and, where it is small, computes the same numbers before and after them.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "models/error.h"
#include "models/graph/parse.h"
#include "models/graph/print.h"
#include "models/graph/types.h"
#include "models/passes/passes.h"
#include "models/reference/evaluate.h"
#include "models/weights/formula.h"

using namespace senetc;

namespace {

constexpr int64_t kMaxWork = 1 << 20;  // multiply-adds or values, so that an evaluation takes milliseconds

// About how many operations an evaluation takes.
int64_t work_of(const Graph& graph) {
    int64_t work = 0;
    for (const Node& node : graph.nodes) {
        const int64_t pixels = int64_t{std::max(1, node.type.height)} * std::max(1, node.type.width);
        work += node.type.channels * pixels;
        if (const auto* pool = std::get_if<MaxPoolOp>(&node.op))
            work += node.type.channels * pixels * pool->kernel * pool->kernel;
        for (const ConstantUse& use : constants_of(graph, node)) work += element_count(use.shape) * pixels;
        if (work > kMaxWork) return work;
    }
    return work;
}

// Relative to the largest value, or absolute below 1.
bool close(const std::vector<double>& a, const std::vector<double>& b) {
    double largest = 1, difference = 0;
    for (size_t i = 0; i < a.size(); i++) {
        if (!std::isfinite(a[i])) return true;  // deep unnormalised networks overflow
        largest = std::max(largest, std::abs(a[i]));
        difference = std::max(difference, std::abs(a[i] - b[i]));
    }
    return a.size() == b.size() && difference <= 1e-9 * largest;
}

// What passes may grow in between grows the rounding's errors too, so values that large say nothing.
bool moderate(const std::vector<std::vector<double>>& values) {
    for (const auto& value : values)
        for (double x : value)
            if (!(std::abs(x) < 1e6)) return false;
    return true;
}

void check_values(const Graph& unbound) {
    const Graph graph = bind_formula_weights(unbound);
    const Type input = graph.nodes[0].type;
    const std::vector<float> image =
        formula_image(1, input.channels, std::max(1, input.height), std::max(1, input.width));
    const std::vector<double> pixels(image.begin(), image.end());
    const auto before = evaluate(graph, pixels);
    const Graph after = run_passes(graph);
    const auto rewritten = evaluate(after, pixels);
    if (!moderate(before)) return;
    if (!close(before[size_t(graph.output)], rewritten[size_t(after.output)])) abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
    Graph graph;
    try {
        graph = parse_graph(std::string(bytes, bytes + count), "f");
    } catch (const Error& error) {
        if (!std::string(error.what()).starts_with("f:")) abort();
        return 0;
    }
    const std::string text = print(graph);
    if (print(parse_graph(text, "printed")) != text) abort();
    if (work_of(graph) <= kMaxWork)
        check_values(graph);
    else
        run_passes(graph);
    return 0;
}
