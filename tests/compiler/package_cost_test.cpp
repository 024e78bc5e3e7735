// What packaging costs for a network of SE-ResNet-50's size.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>

#include "tests/compiler/package_fixture.h"

namespace senetc::test {

TEST_CASE("packaging 112 MB of weights takes less memory than four copies of them") {
    const TestFolder folder;
    const size_t bytes = 112'000'000;
    const PackageInput input = make_input(folder, "large", bytes);
    const auto start = std::chrono::steady_clock::now();
    write_package(input);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    const double peak = usage.ru_maxrss / 1024.0;
    const auto size = std::filesystem::file_size(folder / "dist/liblarge.so");
    MESSAGE(
        fmt::format("{:.2f} s, peak {:.0f} MiB resident, mapped files included; library {} bytes beyond its weights",
                    seconds.count(), peak, size - bytes));
    CHECK(peak * 1024 * 1024 < 4.0 * bytes);
}

}  // namespace senetc::test
