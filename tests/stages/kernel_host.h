// Calling a kernel as libsenet does, in whatever process it was linked or loaded into. It and kernel_host.cpp need
// nothing but the standard library: the program that runs ARM's kernels is made of them, too.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "senet/model_abi.h"

namespace senetc::test {

// Of an argument: all of its storage, and where the view's first element lies.
struct HostMemory {
    uint8_t* begin;
    size_t bytes;
    uint8_t* host;
};

// An argument: a view of some memory.
struct KernelView {
    uint8_t* host = nullptr;  // of the first element
    uint32_t type_code = 0, type_bits = 0, dimensions = 0;
    senet_dim_v1_t dim[SENET_MAX_DIMS] = {};
};

using KernelEntry = int (*)(void**);  // Halide's argv form

// In which order a parallel loop's tasks are done here: no result may depend on it.
enum class TaskOrder { last_first, first_first };
void set_task_order(TaskOrder order);

// Returns the kernel's status. With `fetch` the arguments' memory is marked as newer than any device's, and when the
// kernel has returned 0 it is given them, to bring results back.
using Fetch = std::function<int(std::vector<senet_kernel_buffer_v1_t>&)>;
int call_kernel(KernelEntry entry, const std::vector<KernelView>& views, const Fetch& fetch = {});

// How many turns each parallel loop of the last call had, in order: of loops that are in no other, and have several
// turns.
const std::vector<int>& last_parallel_loops();

}  // namespace senetc::test
