#include <fmt/format.h>

#include <algorithm>

#include "generators/package/steps.h"
#include "llvm/TargetParser/Triple.h"
#include "models/error.h"

namespace senetc::package {
namespace {

constexpr size_t kLongestName = 80;  // senet_trailer_v1_t::model has 88 bytes, a terminating zero among them

void check_name(const std::string& name) {
    const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto allowed = [&](char c) { return lower(c) || (c >= '0' && c <= '9') || c == '_'; };
    if (name.empty() || name.size() > kLongestName || !lower(name[0]) ||
        !std::all_of(name.begin(), name.end(), allowed))
        throw Error(
            fmt::format("'{}' can't name a model, because its name becomes part of a C symbol: use 1 to {} of a-z, "
                        "0-9 and _, the first a letter",
                        name, kLongestName));
}

void check_triple(const std::string& text) {
    const llvm::Triple triple(text);
    if (!triple.isOSBinFormatELF() || !triple.isArch64Bit() || !triple.isLittleEndian())
        throw Error(
            fmt::format("can't package for '{}': only 64-bit little-endian ELF systems are supported, such as "
                        "x86_64-unknown-linux-gnu",
                        text));
}

void check_step(const PlanVariant& variant, const PlanStep& step) {
    const auto outside = [&](uint32_t buffer) { return buffer >= variant.buffers.size(); };
    if (step.entry.empty() || step.outputs == 0 || step.outputs > step.args.size() ||
        std::any_of(step.args.begin(), step.args.end(), outside) || (step.halo != SENET_NONE && outside(step.halo)))
        throw Error(
            fmt::format("the plan's step '{}' of variant '{}' has no kernel or names a buffer that isn't there: "
                        "please report this as a bug of senetc",
                        step.name, variant.name));
}

}  // namespace

void check(const PackageInput& input) {
    const Plan& plan = input.plan;
    check_name(plan.name);
    check_triple(input.triple);
    if (plan.variants.empty()) throw Error(fmt::format("the plan of '{}' has no variant to package", plan.name));
    if (!plan.labels.empty() && plan.labels.size() != plan.classes)
        throw Error(fmt::format("'{}' has {} classes but {} labels: give one label a class", plan.name, plan.classes,
                                plan.labels.size()));
    for (const PlanVariant& variant : plan.variants) {
        for (const PlanStep& step : variant.steps) check_step(variant, step);
        for (const PlanStep& step : variant.ingest) check_step(variant, step);
        if (variant.logits >= variant.buffers.size())
            throw Error(
                fmt::format("variant '{}' of the plan has no buffer for its logits: please report this as a bug "
                            "of senetc",
                            variant.name));
    }
}

}  // namespace senetc::package
