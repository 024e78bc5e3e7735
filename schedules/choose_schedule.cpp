#include <functional>
#include <stdexcept>

#include "schedules/hand/choose.h"
#include "schedules/schedules.h"

namespace senetc {

namespace {

Schedule choose_conv(const Stage& stage, int lanes) {
    if (const int m = choose_winograd_tile(stage); m != 0) return choose_winograd(stage, lanes, m);
    return lanes == 16 ? choose_conv_avx512(stage) : choose_conv_avx2(stage);
}

}  // namespace

Schedule choose_schedule(const Stage& stage, const std::string& variant) {
    const bool wide = variant == "avx512";
    if (!wide && variant != "avx2") throw std::logic_error("no hand schedules for the variant '" + variant + "'");
    const int lanes = wide ? 16 : 8;
    static const std::map<std::string, std::function<Schedule(const Stage&, int)>> choosers = {
        {"conv", choose_conv},
        {"depthwise_conv", choose_map},
        {"batch_norm", choose_map},
        {"scale_add", choose_map},
        {"max_pool", choose_map},
        {"squeeze", [](const Stage& s, int) { return choose_vector(s); }},
        {"window_means", [](const Stage& s, int) { return choose_vector(s); }},
        {"excite", [](const Stage& s, int) { return choose_vector(s); }},
        {"dense", [](const Stage& s, int) { return choose_vector(s); }},
        {"ingest_f32", [](const Stage& s, int) { return choose_ingest(s); }},
        {"ingest_u8", [](const Stage& s, int) { return choose_ingest(s); }},
    };
    const auto found = choosers.find(stage.generator);
    if (found == choosers.end()) throw std::logic_error("no hand schedule for the generator '" + stage.generator + "'");
    return found->second(stage, lanes);
}

}  // namespace senetc
