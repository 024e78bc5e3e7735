#include "schedules/auto/parallel_order.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

#include "models/error.h"

namespace senetc {

using namespace Halide;
using namespace Halide::Internal;

namespace {

void fix(const Function& function, StageSchedule& schedule) {
    std::set<std::string> parallel;  // loops whose turns are tasks, and all that they were split from
    for (const Dim& dim : schedule.dims()) {
        if (!dim.is_unordered_parallel()) continue;
        if (dim.dim_type == DimType::ImpureRVar)
            throw Error(fmt::format("threads would add to '{}' as they come, so that results differ from run to run",
                                    function.name()));
        parallel.insert(dim.var);
    }
    std::vector<Split>& splits = schedule.splits();
    for (auto split = splits.rbegin(); split != splits.rend(); ++split) {
        if (split->split_type == Split::FuseVars) {
            if (parallel.count(split->old_var) != 0) parallel.insert({split->outer, split->inner});
        } else if (parallel.count(split->outer) != 0) {
            parallel.insert(split->old_var);
            const bool shifts = split->tail == TailStrategy::Auto || split->tail == TailStrategy::ShiftInwards;
            if (split->split_type == Split::SplitVar && shifts) split->tail = TailStrategy::GuardWithIf;
        }
    }
}

}  // namespace

void fix_parallel_order(const Pipeline& pipeline) {
    std::vector<Function> outputs;
    for (const Func& output : pipeline.outputs()) outputs.push_back(output.function());
    for (Function function : called_funcs_in_order_found(outputs)) {
        if (!function.has_pure_definition()) continue;
        fix(function, function.definition().schedule());
        for (size_t i = 0; i < function.updates().size(); i++)
            fix(function, function.update(static_cast<int>(i)).schedule());
    }
}

}  // namespace senetc
