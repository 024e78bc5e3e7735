// How many threads this process may keep busy.
#pragma once

#include <cstdint>

namespace senet {

// CPUs in the calling thread's affinity, at least 1.
uint32_t affinity_cpus();

// CPUs that the process's cgroup (version 1 or 2) and its parents grant by quota, rounded up; UINT32_MAX without one.
// `root` stands before /proc and /sys, "" outside tests.
uint32_t cgroup_cpus(const char* root);

// The smaller of the two.
uint32_t usable_cpus();

}  // namespace senet
