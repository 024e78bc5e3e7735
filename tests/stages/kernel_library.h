// Kernels compiled and loaded into the test, many at a time: emitting is cheap, linking and loading is done once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generators/compiler/emit_kernel.h"

namespace senetc::test {

// How kernels are compiled: release as users get them, or with Halide's own checks of every buffer and its runtime.
enum class Checks { release, asserts };

bool cpu_runs(const std::string& variant);

class KernelLibrary {
  public:
    explicit KernelLibrary(Checks checks) : checks_(checks) {}
    ~KernelLibrary();
    KernelLibrary(const KernelLibrary&) = delete;
    KernelLibrary& operator=(const KernelLibrary&) = delete;

    // Returns the kernel's index. Call load() after the last one.
    int add(const Stage& stage, const Schedule& schedule, const std::string& variant);
    void load();

    // `hosts`: for every argument the address of its view's first element; its last dimension becomes `images` if
    // batched. Returns the kernel's status. Tasks run last first, which no result may depend on.
    int run(int kernel, const std::vector<void*>& hosts, int images) const;

    // How many turns each parallel loop of the last run had, in order: of loops that are in no other, and have several
    // turns. That is what threads share. Release kernels only.
    const std::vector<int>& parallel_loops() const;

    const std::vector<Argument>& arguments_of(int kernel) const {
        return kernels_.at(static_cast<size_t>(kernel)).arguments;
    }

  private:
    struct Kernel {
        std::string object;
        std::vector<Argument> arguments;
        int (*entry)(void**) = nullptr;
    };
    std::string symbol(size_t kernel) const;

    Checks checks_;
    std::vector<Kernel> kernels_;
    void* handle_ = nullptr;
};

}  // namespace senetc::test
