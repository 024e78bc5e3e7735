#include "tests/schedules/example.h"

#include <stdexcept>

#include "generators/compiler/algorithm_hash.h"

namespace senetc::test {

Stage example_conv() {
    return parse_stage(
        "conv act=relu ci=32 co=32 gate=0 in_h=14 in_halo=1 in_w=14 kernel_h=3 kernel_w=3 layout=blocked out_halo=0 "
        "pad=1 res_halo=0 residual=0 store=1 stride=1 sums=0");
}

Schedule example_direct() {
    return parse_schedule(
        "direct axis=2 band_x=2 band_y=7 images_inside=0 lanes=16 tile_c=16 tile_k=2 tile_x=7 tile_y=1");
}

Schedule example_winograd() {
    return parse_schedule("winograd axis=1 images=1 lanes=16 m=2 pad=1 rows=7 tile_k=2 tile_p=7");
}

ScheduleTable example_table() {
    ScheduleTable table;
    table.target = "x86-64", table.cpu = "sapphirerapids", table.machine = "Intel(R) Xeon(R) Processor @ 2.70GHz";
    table.entries.push_back({"avx512", algorithm_hash(example_conv(), example_direct(), "avx512"), example_conv(),
                             example_direct(), 20.5, 24.125, 0});
    return table;
}

std::string replaced(std::string text, const std::string& part, const std::string& by) {
    const size_t at = text.find(part);
    if (at == std::string::npos) throw std::logic_error("'" + part + "' isn't in the text");
    return text.replace(at, part.size(), by);
}

}  // namespace senetc::test
