#include "schedules/autoschedule.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "models/error.h"
#include "schedules/auto/autoschedulers.h"
#include "schedules/auto/cost_model_weights.h"
#include "schedules/auto/parallel_order.h"

namespace senetc {

std::filesystem::path halide_folder() {
    Dl_info info{};
    if (dladdr(reinterpret_cast<void*>(&Halide::load_plugin), &info) == 0 || info.dli_fname == nullptr)
        throw Error("the folder of libHalide.so can't be found");
    return std::filesystem::canonical(info.dli_fname).parent_path();
}

std::string autoschedule(const Halide::Pipeline& pipeline, const Halide::Target& target, const Stage& stage,
                         const Schedule& schedule, const std::filesystem::path& weights_folder) {
    check_autoscheduled(stage, schedule);
    const Autoscheduler& autoscheduler = find_autoscheduler(schedule.algorithm);
    check_device(autoscheduler, target.has_gpu_feature());
    const std::filesystem::path plugin = halide_folder() / autoscheduler.plugin;
    if (!std::filesystem::exists(plugin))
        throw Error(fmt::format("{}: the plug-in of {} is missing; it belongs beside libHalide.so", plugin.string(),
                                schedule.algorithm));
    Halide::load_plugin(plugin);
    auto options = halide_options(schedule);
    if (const int weights = cost_model_weights(schedule); weights != 0)
        options["weights_path"] = checked_weights(weights_folder, weights);
    const auto results = pipeline.apply_autoscheduler(target, {schedule.algorithm, options});
    fix_parallel_order(pipeline);
    return {results.featurization.begin(), results.featurization.end()};
}

}  // namespace senetc
