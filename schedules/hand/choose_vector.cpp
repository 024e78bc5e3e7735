#include <algorithm>

#include "schedules/hand/choose.h"
#include "schedules/hand/tasks.h"

namespace senetc {

Schedule choose_vector(const Stage& stage, const VariantInfo& variant) {
    Schedule schedule{"direct", {}};
    if (stage.generator == "squeeze") {
        schedule.params["parallel"] = parallel_level(flops(stage) * 4);
    } else if (stage.generator == "window_means") {
        schedule.params["parallel"] = std::min(1, parallel_level(flops(stage) * 4));
    } else if (stage.generator == "excite") {
        schedule.params["parallel"] = parallel_level(flops(stage) * 16);  // bound by memory
        schedule.params["units"] = std::min(4, stage.number("hidden"));
        schedule.params["tile_k"] = std::min(4, blocks(stage.number("out")));
    } else {
        schedule.params["parallel"] = parallel_level(flops(stage));
        // Four partial sums of a block are 16 of NEON's 32 registers.
        schedule.params["tile_k"] = variant.lanes == 4 ? 1 : blocks_per_row(stage.number("out"));
    }
    return schedule;
}

Schedule choose_ingest(const Stage& stage) {
    const auto output = arguments(stage, {}).back();
    Schedule schedule{"direct", {{"tile_x", 16}}};
    schedule.params["rows"] = std::max(1, (output.dims[1].extent + 7) / 8);
    schedule.params["parallel"] = parallel_level(output.storage_elements * 8);
    return schedule;
}

}  // namespace senetc
