#include "generators/verify/weights_check.h"

#include <fmt/format.h>

#include <cstring>
#include <set>
#include <stdexcept>

#include "generators/compiler/lower.h"
#include "generators/compiler/pack_weights.h"
#include "generators/compiler/planned_schedules.h"
#include "models/error.h"

namespace senetc::verifier {
namespace {

[[noreturn]] void planned_otherwise(const inspect::Library& library) {
    throw Error(fmt::format("{}: {} planned it otherwise than this senetc does; verify it with that one", library.path,
                            library.plan.producer));
}

// The variant's steps as this senetc lowers them, with the library's schedules.
std::vector<LoweredStep> lowered_steps(const inspect::Library& library, const PlanVariant& variant,
                                       const Graph& passed) {
    PlannedSchedules schedules;
    for (const PlanStep& step : variant.ingest) schedules.add(step.name, step.kernel, step.schedule);
    for (const PlanStep& step : variant.steps) schedules.add(step.name, step.kernel, step.schedule);
    std::vector<LoweredStep> steps = lower(passed, schedules).steps;
    if (steps.size() != variant.steps.size()) planned_otherwise(library);
    return steps;
}

bool equal(const std::vector<float>& packed, const std::string& weights, uint64_t offset) {
    const size_t bytes = packed.size() * sizeof(float);
    return offset <= weights.size() && bytes <= weights.size() - offset &&
           std::memcmp(weights.data() + offset, packed.data(), bytes) == 0;
}

class Check {
  public:
    explicit Check(const inspect::Library& library) : library_(library), weights_(inspect::read_weights(library)) {}

    void add(const PlanVariant& variant, const PlanStep& planned, const LoweredStep& step) {
        const std::vector<Argument> args = arguments(step.stage, step.schedule);
        if (args.size() != planned.args.size()) planned_otherwise(library_);
        size_t param = 0;
        for (size_t i = 0; i < args.size(); ++i) {
            if (args[i].role != Role::parameter) continue;
            const Tensor& values = step.params.at(param++).second;
            const uint64_t offset = variant.buffers[planned.args[i]].offset;
            if (!seen_.insert(offset).second) continue;
            ++result.parameters;
            const auto packed = pack_parameter(args[i], values.shape().empty() ? nullptr : &values);
            if (!equal(packed, weights_, offset)) result.different.push_back(step.name + "'s " + args[i].name);
        }
    }

    WeightsCheck result;

  private:
    const inspect::Library& library_;
    const std::string weights_;
    std::set<uint64_t> seen_;  // offsets: variants and steps share parameters
};

}  // namespace

WeightsCheck check_weights(const inspect::Library& library, const Graph& passed) try {
    Check check(library);
    for (const PlanVariant& variant : library.plan.variants) {
        const std::vector<LoweredStep> steps = lowered_steps(library, variant, passed);
        for (size_t i = 0; i < steps.size(); ++i) check.add(variant, variant.steps[i], steps[i]);
    }
    return check.result;
} catch (const std::logic_error&) {  // steps that the plan hasn't, numbers that stages or schedules haven't
    planned_otherwise(library);
}

}  // namespace senetc::verifier
