// How many CPUs a process may use, from cgroup files as kernels and containers write them.
#include <doctest/doctest.h>
#include <sched.h>

#include <filesystem>
#include <map>

#include "runtime/core/cpu_limit.h"
#include "tests/runtime/support/files.h"

using namespace senetc;

namespace {

// A root folder with these files, and the limit read from it.
uint32_t limit_of(const std::map<std::string, std::string>& files) {
    TemporaryFolder folder;
    for (const auto& [path, text] : files) {
        std::filesystem::create_directories(std::filesystem::path(folder / path).parent_path());
        write_file(folder / path, text);
    }
    const std::string root = folder / "";
    return senet::cgroup_cpus(root.substr(0, root.size() - 1).c_str());
}

const std::string kV1 = "9:name=systemd:/x\n4:cpu,cpuacct:/docker/abc\n1:cpuset:/docker/abc\n0::/\n";

}  // namespace

TEST_CASE("version 2: the quota over the period, rounded up") {
    const std::string self = "0::/user.slice/app\n";
    CHECK(limit_of({{"proc/self/cgroup", self}, {"sys/fs/cgroup/user.slice/app/cpu.max", "200000 100000\n"}}) == 2);
    CHECK(limit_of({{"proc/self/cgroup", self}, {"sys/fs/cgroup/user.slice/app/cpu.max", "150000 100000\n"}}) == 2);
    CHECK(limit_of({{"proc/self/cgroup", self}, {"sys/fs/cgroup/user.slice/app/cpu.max", "10000 100000\n"}}) == 1);
    CHECK(limit_of({{"proc/self/cgroup", self}, {"sys/fs/cgroup/user.slice/app/cpu.max", "max 100000\n"}}) ==
          UINT32_MAX);
}

TEST_CASE("version 2: a parent's quota counts, and a container's own mount") {
    CHECK(limit_of({{"proc/self/cgroup", "0::/a/b\n"},
                    {"sys/fs/cgroup/a/b/cpu.max", "max 100000\n"},
                    {"sys/fs/cgroup/a/cpu.max", "300000 100000\n"}}) == 3);
    CHECK(limit_of({{"proc/self/cgroup", "0::/docker/of/the/host\n"}, {"sys/fs/cgroup/cpu.max", "400000 100000\n"}}) ==
          4);
    CHECK(limit_of({{"proc/self/cgroup", "0::/\n"}, {"sys/fs/cgroup/cpu.max", "500000 100000\n"}}) == 5);
}

TEST_CASE("version 1: the quota of the controller named cpu, -1 for none") {
    const auto files = [&](const std::string& group, const std::string& quota) {
        return std::map<std::string, std::string>{{"proc/self/cgroup", kV1},
                                                  {"sys/fs/cgroup/cpu" + group + "/cpu.cfs_quota_us", quota},
                                                  {"sys/fs/cgroup/cpu" + group + "/cpu.cfs_period_us", "100000\n"}};
    };
    CHECK(limit_of(files("/docker/abc", "250000\n")) == 3);
    CHECK(limit_of(files("", "600000\n")) == 6);
    CHECK(limit_of(files("/docker/abc", "-1\n")) == UINT32_MAX);
}

TEST_CASE("nothing to read, or nonsense, is no limit") {
    CHECK(limit_of({}) == UINT32_MAX);
    CHECK(limit_of({{"proc/self/cgroup", ""}}) == UINT32_MAX);
    CHECK(limit_of({{"proc/self/cgroup", "no colons here\n:\n::\n"}}) == UINT32_MAX);
    CHECK(limit_of({{"proc/self/cgroup", "0::/" + std::string(8000, 'x')}}) == UINT32_MAX);
    CHECK(limit_of({{"proc/self/cgroup", "0::/\n"}, {"sys/fs/cgroup/cpu.max", "-5 0\n"}}) == UINT32_MAX);
}

TEST_CASE("affinity is counted, and narrows with the thread's mask") {
    cpu_set_t before, one;
    REQUIRE(sched_getaffinity(0, sizeof(before), &before) == 0);
    CHECK(senet::affinity_cpus() == static_cast<uint32_t>(CPU_COUNT(&before)));
    int first = 0;
    while (!CPU_ISSET(first, &before)) ++first;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    REQUIRE(sched_setaffinity(0, sizeof(one), &one) == 0);
    CHECK(senet::usable_cpus() == 1);
    REQUIRE(sched_setaffinity(0, sizeof(before), &before) == 0);
}
