// Options that several subcommands share.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "generators/compiler/kernel_cache.h"
#include "generators/compiler/network_source.h"

namespace senetc {

// NETWORK --classes --reduction --input --plain.
class NetworkFlags {
  public:
    void add_to(CLI::App& command);
    NetworkRequest request() const;
    const std::string& source() const { return source_; }

  private:
    std::string source_, input_;
    int classes_ = 0, reduction_ = 0;
    CLI::Option *classes_flag_ = nullptr, *reduction_flag_ = nullptr;
    bool plain_ = false;
};

// --cache --cache-limit.
class CacheFlags {
  public:
    void add_to(CLI::App& command);
    KernelCache open() const;

  private:
    std::string folder_ = KernelCache::default_folder().string();
    int64_t limit_mib_ = KernelCache::kDefaultLimit >> 20;
};

// A target and its variants to compile for, best first.
struct ChosenTarget {
    std::string name;
    std::vector<std::string> variants;
};

// --target --variants.
class TargetFlags {
  public:
    void add_to(CLI::App& command);
    std::vector<ChosenTarget> chosen() const;  // in the order of the table of targets
    // The same, without GPUs' variants. Throws Error that begins with `why`, e.g. "bench-stages times kernels on CPUs".
    std::vector<ChosenTarget> chosen_cpus(const std::string& why) const;
    const std::vector<std::string>& named_variants() const { return variants_; }  // as given

  private:
    void check() const;

    std::vector<std::string> targets_ = {"x86-64"}, variants_;
};

// "compiling kernels 12/48" on a terminal, rewritten in place; nothing elsewhere.
void show_progress(int done, int total, int from_cache);

// "note: ..." on standard error.
void show_note(const std::string& sentence);

}  // namespace senetc
