// What is packed into a library, as values: the compiler's mirror of runtime/include/senet/model_abi.h, with names
// where the tables have indices. package.h turns it into files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "senet/model_abi.h"

namespace senetc {

// A kernel's code for one GPU architecture.
struct PlanGpuCode {
    uint32_t capability = 0;  // 10 * major + minor
    std::string cubin;
};

struct PlanStep {
    std::string name, kernel, schedule, schedule_source, stage;  // the last three may be ""
    std::string entry;           // symbol of the kernel's argv form, defined by one of the objects
    std::vector<uint32_t> args;  // indices in PlanVariant::buffers
    uint32_t outputs = 1;        // the last of them
    uint32_t halo = SENET_NONE;
    uint32_t interior_width = 0, interior_height = 0;
    uint32_t channels = 0, height = 0, width = 0;
    uint64_t flops = 0, bytes = 0;
    std::vector<PlanGpuCode> gpu_code;
};

struct PlanVariant {
    std::string name;
    uint32_t device = SENET_DEVICE_CPU, capability = 0;
    uint64_t cpu_features = 0;
    std::vector<senet_buffer_v1_t> buffers;
    std::vector<PlanStep> steps;
    PlanStep ingest[2];
    uint32_t logits = 0;
    uint64_t arena_bytes = 0, scratch_bytes = 0;
};

struct Plan {
    std::string name, producer, description;
    uint32_t channels = 0, height = 0, width = 0, classes = 0;
    senet_preprocess_v1_t preprocess{};
    std::vector<std::string> labels;
    std::vector<PlanVariant> variants;  // best first
    std::string graph, flags;           // may be ""
};

}  // namespace senetc
