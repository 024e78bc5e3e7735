// Kernels for another machine, run there: linked into a program (kernel_runner.cpp) that qemu's user mode runs beside
// the test. Every call sends the arguments' memory through a pipe, and gets that of the outputs back.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/stages/kernel_host.h"

namespace senetc::test {

// What goes through the pipes: a call, then each argument and its memory. What comes back: a reply, then the outputs'
// memory; and one reply when the program has started.
struct KernelCall {
    uint32_t kernel, arguments;
};
struct SentArgument {
    KernelView view;  // its host is meaningless there
    uint64_t bytes, host_offset;
    uint32_t output, reserved;
};
struct KernelReply {
    int32_t status;
};

struct ViewedMemory {
    KernelView view;
    HostMemory memory;
    bool output;
};

// "" where ARM's kernels can be linked and run, else what is missing.
std::string missing_for_arm();

class EmulatedKernels {
  public:
    // Links `objects` with the runner inside `folder`, which may go away then, and starts it.
    EmulatedKernels(const std::filesystem::path& folder, const std::string& objects,
                    const std::vector<std::string>& entries);
    ~EmulatedKernels();
    EmulatedKernels(const EmulatedKernels&) = delete;
    EmulatedKernels& operator=(const EmulatedKernels&) = delete;

    int run(uint32_t kernel, const std::vector<ViewedMemory>& arguments);

  private:
    pid_t process_ = -1;
    int to_ = -1, from_ = -1;
};

}  // namespace senetc::test
