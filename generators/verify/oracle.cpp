#include "generators/verify/oracle.h"

#include <fmt/format.h>

#include <sstream>

#include "models/error.h"
#include "models/graph/parse.h"
#include "models/passes/passes.h"
#include "models/weights/bind.h"
#include "models/weights/safetensors.h"

namespace senetc::verifier {
namespace {

// "--variants avx2 --without a,b" and "--without" -> {"a", "b"}
std::set<std::string> values_of(const std::string& flags, const std::string& flag) {
    std::istringstream words(flags);
    std::string word, values;
    while (words >> word)
        if (word == flag) words >> values;
    std::set<std::string> all;
    std::istringstream list(values);
    for (std::string value; std::getline(list, value, ',');) all.insert(value);
    return all;
}

bool has_flag(const std::string& flags, const std::string& flag) {
    return (" " + flags + " ").find(" " + flag + " ") != std::string::npos;
}

}  // namespace

Oracle::Oracle(const inspect::Library& library, const std::string& weights) {
    const Plan& plan = library.plan;
    if (plan.graph.empty())
        throw Error(fmt::format("{}: it doesn't carry its network's text; build it again", library.path));
    Graph graph = parse_graph(plan.graph, library.path + "'s network");
    imported_ = bind_weights(std::move(graph), read_safetensors(weights), has_flag(plan.flags, "--plain"));
    passed_ = run_passes(imported_, nullptr, {values_of(plan.flags, "--without")});
}

}  // namespace senetc::verifier
