#include "generators/compiler/command_options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "generators/compiler/parse_size.h"
#include "generators/compiler/targets.h"
#include "models/error.h"

namespace senetc {

void NetworkFlags::add_to(CLI::App& command) {
    command.add_option("network", source_, "A network by name (senetc list), or a .graph file")->required();
    classes_flag_ = command.add_option("--classes", classes_, "Number of classes, if not the network's own");
    reduction_flag_ =
        command.add_option("--reduction", reduction_, "SE reduction ratio r: hidden width max(1, C/r); 16");
    command.add_option("--input", input_, "Input size as HxW, if not the network's own, e.g. 192x256");
    command.add_flag("--plain", plain_, "The same network without its SE blocks");
}

NetworkRequest NetworkFlags::request() const {
    NetworkRequest request{source_, {}};
    if (classes_flag_->count()) request.options.classes = classes_;
    if (reduction_flag_->count()) request.options.reduction = reduction_;
    request.options.plain = plain_;
    if (!input_.empty()) {
        const auto [height, width] = parse_size("--input", input_);
        request.options.height = height;
        request.options.width = width;
    }
    return request;
}

void CacheFlags::add_to(CLI::App& command) {
    command.add_option("--cache", folder_, "Folder of compiled kernels (or $SENETC_CACHE)")->capture_default_str();
    command.add_option("--cache-limit", limit_mib_, "MiB that the cache may keep after a build")
        ->capture_default_str()
        ->check(CLI::Range(1, 1 << 20));
}

KernelCache CacheFlags::open() const {
    return KernelCache(folder_, limit_mib_ << 20);
}

void TargetFlags::add_to(CLI::App& command) {
    command.add_option("--target", targets_, "Kinds of machine to compile for (senetc list), e.g. x86-64,arm-64")
        ->delimiter(',')
        ->capture_default_str();
    command.add_option("--variants", variants_, "Instruction sets to include, of the targets'; all by default")
        ->delimiter(',');
}

void TargetFlags::check() const {
    std::vector<std::string> known, names;
    for (const std::string& target : targets_)
        for (const VariantInfo& variant : find_target(target).variants) known.push_back(variant.name);
    for (const std::string& target : targets_)
        names.push_back(fmt::format("{} has {}", target, variant_names(find_target(target))));
    for (const std::string& variant : variants_)
        if (!std::count(known.begin(), known.end(), variant))
            throw Error(fmt::format("--variants {}: {}", variant, fmt::join(names, ", ")));
}

std::vector<ChosenTarget> TargetFlags::chosen() const {
    check();
    std::vector<ChosenTarget> all;
    for (const TargetInfo& target : targets()) {
        if (!std::count(targets_.begin(), targets_.end(), target.name)) continue;
        ChosenTarget& chosen = all.emplace_back(ChosenTarget{target.name, {}});
        for (const VariantInfo& variant : target.variants)
            if (variants_.empty() || std::count(variants_.begin(), variants_.end(), variant.name))
                chosen.variants.push_back(variant.name);
        if (chosen.variants.empty())
            throw Error(fmt::format("--variants {} leaves {} without any; add one of {}, or leave it out of --target",
                                    fmt::join(variants_, ","), target.name, variant_names(target)));
    }
    return all;
}

std::vector<ChosenTarget> TargetFlags::chosen_cpus(const std::string& why) const {
    const std::vector<ChosenTarget> all = chosen();
    for (const ChosenTarget& target : all)
        for (const std::string& variant : target.variants)
            if (find_variant(variant).on_gpu())
                throw Error(
                    fmt::format("{}, and {} is for GPUs: leave it out with --variants or --target", why, variant));
    return all;
}

void show_progress(int done, int total, int from_cache) {
    if (!isatty(STDERR_FILENO)) return;
    std::fprintf(stderr, "\r\033[Kcompiling kernels %d/%d%s%s", done, total,
                 from_cache ? fmt::format(" ({} from the cache)", from_cache).c_str() : "",
                 done == total ? "\r\033[K" : "");
    std::fflush(stderr);
}

void show_note(const std::string& sentence) {
    fmt::print(stderr, "note: {}\n", sentence);
}

}  // namespace senetc
