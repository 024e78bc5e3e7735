// Kernels compiled and loaded into the test, many at a time: emitting is cheap, linking and loading is done once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "generators/compiler/emit_kernel.h"
#include "generators/compiler/targets.h"
#include "tests/stages/emulated_kernels.h"

namespace senetc::test {

// How kernels are compiled: release as users get them, or with Halide's own checks of every buffer and its runtime.
enum class Checks { release, asserts };

bool cpu_runs(const std::string& variant);

class KernelLibrary {
  public:
    // Kernels of another machine's target run emulated; those of GPUs, compiled for OpenCL, on whatever runs that.
    explicit KernelLibrary(Checks checks, const TargetInfo& target = *native_target());
    ~KernelLibrary();
    KernelLibrary(const KernelLibrary&) = delete;
    KernelLibrary& operator=(const KernelLibrary&) = delete;

    // Returns the kernel's index. Call load() after the last one.
    int add(const Stage& stage, const Schedule& schedule, const std::string& variant);
    void load();

    // `memory`: for every argument; its last dimension becomes `images` if batched. Returns the kernel's status.
    int run(int kernel, const std::vector<HostMemory>& memory, int images) const;

    bool emulated() const { return target_.triple != native_target()->triple; }

    const std::vector<Argument>& arguments_of(int kernel) const {
        return kernels_.at(static_cast<size_t>(kernel)).arguments;
    }

  private:
    struct Kernel {
        std::string object;
        std::vector<Argument> arguments;
        KernelEntry entry = nullptr;
    };
    std::string symbol(size_t kernel) const;
    std::string runtime_target() const;  // "": kernels need no runtime of Halide's
    std::string write_objects(const std::filesystem::path& folder) const;
    int fetch(std::vector<senet_kernel_buffer_v1_t>& buffers) const;
    void load_here(const std::filesystem::path& folder, const std::string& objects);

    Checks checks_;
    bool on_gpu_ = false;
    const TargetInfo& target_;
    std::vector<Kernel> kernels_;
    void* handle_ = nullptr;
    std::unique_ptr<EmulatedKernels> emulated_;
};

}  // namespace senetc::test
