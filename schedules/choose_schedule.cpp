#include <functional>
#include <stdexcept>

#include "schedules/gpu/choose.h"
#include "schedules/hand/choose.h"
#include "schedules/schedules.h"

namespace senetc {

namespace {

Schedule choose_conv(const Stage& stage, const VariantInfo& variant) {
    if (const int m = choose_winograd_tile(stage, variant); m != 0) return choose_winograd(stage, variant, m);
    return choose_direct_conv(stage, variant);
}

}  // namespace

Schedule choose_direct_conv(const Stage& stage, const VariantInfo& variant) {
    if (variant.on_gpu()) return gpu::choose_direct_conv(stage);
    static const std::map<std::string, Schedule (*)(const Stage&)> choosers = {
        {"avx512", choose_conv_avx512}, {"avx2", choose_conv_avx2}, {"neon", choose_conv_neon}};
    const auto found = choosers.find(variant.name);
    if (found == choosers.end()) throw std::logic_error("no hand schedules for the variant '" + variant.name + "'");
    return found->second(stage);
}

Schedule choose_schedule(const Stage& stage, const std::string& variant) {
    using Chooser = std::function<Schedule(const Stage&, const VariantInfo&)>;
    static const std::map<std::string, Chooser> choosers = {
        {"conv", choose_conv},
        {"depthwise_conv", choose_map},
        {"batch_norm", choose_map},
        {"scale_add", choose_map},
        {"max_pool", choose_map},
        {"squeeze", choose_vector},
        {"window_means", choose_vector},
        {"excite", choose_vector},
        {"dense", choose_vector},
        {"ingest_f32", [](const Stage& s, const VariantInfo&) { return choose_ingest(s); }},
        {"ingest_u8", [](const Stage& s, const VariantInfo&) { return choose_ingest(s); }},
    };
    const auto found = choosers.find(stage.generator);
    if (found == choosers.end()) throw std::logic_error("no hand schedule for the generator '" + stage.generator + "'");
    const VariantInfo& info = find_variant(variant);
    return info.on_gpu() ? gpu::choose(stage) : found->second(stage, info);
}

}  // namespace senetc
