#include "generators/inspect/step_kind.h"

#include <algorithm>
#include <map>

namespace senetc::inspect {
namespace {

// Generator -> id; a convolution's schedule says more.
const char* id_of(const PlanStep& step) {
    static const std::map<std::string, const char*> ids = {
        {"ingest_f32", "ingest"}, {"ingest_u8", "ingest"}, {"depthwise_conv", "depthwise"},
        {"excite", "se"},         {"window_means", "se"},  {"squeeze", "se"},
        {"dense", "dense"},       {"conv", "direct"},
    };
    if (step.schedule.starts_with("winograd ")) return "winograd";
    const auto known = ids.find(step.kernel.substr(0, step.kernel.find(' ')));
    return known == ids.end() ? "map" : known->second;
}

}  // namespace

// Okabe and Ito's colours, which colour-blind people tell apart.
const std::vector<StepKind>& step_kinds() {
    static const std::vector<StepKind> kinds = {
        {"ingest", "image to input", "#999999"},
        {"direct", "convolution, direct", "#0072b2"},
        {"winograd", "convolution, Winograd", "#56b4e9"},
        {"depthwise", "depthwise convolution", "#009e73"},
        {"se", "means and gates", "#d55e00"},
        {"map", "other passes over maps", "#cc79a7"},
        {"dense", "fully connected", "#e69f00"},
    };
    return kinds;
}

const StepKind& kind_of(const PlanStep& step) {
    const std::string id = id_of(step);
    return *std::find_if(step_kinds().begin(), step_kinds().end(), [&](const StepKind& kind) { return kind.id == id; });
}

}  // namespace senetc::inspect
