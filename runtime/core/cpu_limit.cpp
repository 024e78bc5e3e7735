#include "runtime/core/cpu_limit.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace senet {
namespace {

constexpr size_t kMaxPath = 4096;
constexpr uint32_t kNoLimit = UINT32_MAX;

// A small text file's beginning, zero-terminated; false if it can't be read. No FILE: that would allocate.
template <size_t Bytes>
bool read_text(const char* path, char (&text)[Bytes]) {
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    size_t used = 0;
    while (used < Bytes - 1) {
        const ssize_t count = ::read(file, text + used, Bytes - 1 - used);
        if (count <= 0) break;
        used += static_cast<size_t>(count);
    }
    ::close(file);
    text[used] = '\0';
    return used > 0;
}

uint32_t cpus_of(long long quota, long long period) {
    if (quota <= 0 || period <= 0) return kNoLimit;
    const long long cpus = (quota - 1) / period + 1;
    return cpus < kNoLimit ? static_cast<uint32_t>(cpus) : kNoLimit;
}

// Version 2: cpu.max holds "200000 100000" or "max 100000".
uint32_t limit_v2(const char* folder) {
    char path[kMaxPath + 16], text[64];
    snprintf(path, sizeof(path), "%s/cpu.max", folder);
    long long quota = 0, period = 0;
    if (!read_text(path, text) || sscanf(text, "%lld %lld", &quota, &period) != 2) return kNoLimit;
    return cpus_of(quota, period);
}

// Version 1: cpu.cfs_quota_us (-1: none) and cpu.cfs_period_us.
uint32_t limit_v1(const char* folder) {
    char path[kMaxPath + 32], quota[64], period[64];
    snprintf(path, sizeof(path), "%s/cpu.cfs_quota_us", folder);
    if (!read_text(path, quota)) return kNoLimit;
    snprintf(path, sizeof(path), "%s/cpu.cfs_period_us", folder);
    if (!read_text(path, period)) return kNoLimit;
    return cpus_of(atoll(quota), atoll(period));
}

uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

// A quota may stand at any level, so the least of the group's and all its parents' counts. Inside a container the
// group's name is often the host's and doesn't exist under this mount; walking up ends at the mount itself, which does.
uint32_t limit_of_group(const char* mount, const char* group, uint32_t (*limit)(const char*)) {
    char folder[kMaxPath];
    const size_t mount_length = strlen(mount);
    if (snprintf(folder, sizeof(folder), "%s%s", mount, group) >= static_cast<int>(sizeof(folder))) return kNoLimit;
    uint32_t cpus = limit(folder);
    while (strlen(folder) > mount_length) {
        *strrchr(folder, '/') = '\0';
        cpus = least(cpus, limit(folder));
    }
    return cpus;
}

// Is `name` one of the comma-separated `list`, which ends at ':'?
bool lists(const char* list, const char* name) {
    const size_t length = strlen(name);
    for (const char* item = list;; item = strchr(item, ',') + 1) {
        const size_t item_length = strcspn(item, ",:");
        if (item_length == length && strncmp(item, name, length) == 0) return true;
        if (item[item_length] != ',') return false;
    }
}

// One line of /proc/self/cgroup: "0::/group" (version 2) or "4:cpu,cpuacct:/group" (version 1).
uint32_t limit_of_line(const char* root, const char* line) {
    const char* controllers = strchr(line, ':');
    const char* group = controllers ? strchr(controllers + 1, ':') : nullptr;
    if (group == nullptr || group[1] != '/') return kNoLimit;
    char mount[kMaxPath];
    if (controllers + 1 == group) {
        snprintf(mount, sizeof(mount), "%s/sys/fs/cgroup", root);
        return limit_of_group(mount, group + 1, limit_v2);
    }
    if (!lists(controllers + 1, "cpu")) return kNoLimit;
    snprintf(mount, sizeof(mount), "%s/sys/fs/cgroup/cpu", root);
    return limit_of_group(mount, group + 1, limit_v1);
}

}  // namespace

uint32_t affinity_cpus() {
    unsigned long mask[128];  // 8192 CPUs; the kernel's call says how much of it is filled
    const long bytes = syscall(SYS_sched_getaffinity, 0, sizeof(mask), mask);
    if (bytes <= 0) return 1;
    uint32_t cpus = 0;
    for (size_t i = 0; i < static_cast<size_t>(bytes) / sizeof(mask[0]); ++i)
        for (unsigned long bits = mask[i]; bits; bits &= bits - 1) ++cpus;
    return cpus ? cpus : 1;
}

uint32_t cgroup_cpus(const char* root) {
    char path[kMaxPath], text[8192];
    snprintf(path, sizeof(path), "%s/proc/self/cgroup", root);
    if (!read_text(path, text)) return kNoLimit;
    uint32_t cpus = kNoLimit;
    for (char* line = text; line != nullptr && *line;) {
        char* end = strchr(line, '\n');
        if (end != nullptr) *end = '\0';
        cpus = least(cpus, limit_of_line(root, line));
        line = end ? end + 1 : nullptr;
    }
    return cpus;
}

uint32_t usable_cpus() {
    return least(affinity_cpus(), cgroup_cpus(""));
}

}  // namespace senet
