// The targets that senetc compiles for and their variants, as one table: whoever needs to know something of a variant
// asks here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace senetc {

// One instruction set, for which every kernel of a network is compiled.
struct VariantInfo {
    std::string name;
    std::string halide_target;  // without the flags that every kernel has (emit_kernel.cpp)
    uint64_t cpu_features = 0;  // SENET_CPU_* of senet/model_abi.h: without them a CPU can't run it
    int lanes = 0;              // floats in a vector register of the CPU that computes; 0 for a GPU
    int registers = 0;          // vector registers; 0 for a GPU
    uint32_t device = 0;        // senet_device_v1
    uint32_t capability = 0;    // of a CUDA device, at least: 10 * major + minor

    bool on_gpu() const { return device != 0; }
};

// A kind of machine: what runs on one of its variants comes in one library.
struct TargetInfo {
    std::string name, summary;
    std::string triple;                 // LLVM's
    std::string mca_cpu;                // whose scheduling model estimates are made with
    std::vector<VariantInfo> variants;  // best first
};

const std::vector<TargetInfo>& targets();

// Both throw Error that names what there is.
const TargetInfo& find_target(const std::string& name);
const VariantInfo& find_variant(const std::string& name);

// Whether one of these variants, by name, is for GPUs.
bool any_on_gpu(const std::vector<std::string>& variants);

// The first that has it: of a CPU's variant the target that is for CPUs alone.
const TargetInfo& target_of(const VariantInfo& variant);

// Of the machine that senetc runs on; nullptr where senetc compiles for no such machine.
const TargetInfo* native_target();

// Whether the CPUs' variants of a target are for machines like the one that senetc runs on.
bool is_native(const TargetInfo& target);

// "avx512, avx2"
std::string variant_names(const TargetInfo& target);

}  // namespace senetc
