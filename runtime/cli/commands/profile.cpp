#include "runtime/cli/commands/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <limits>
#include <map>
#include <string>
#include <string_view>

#include "runtime/cli/commands/moved_bytes.h"
#include "runtime/cli/commands/network.h"
#include "runtime/measure/fma_peak.h"

namespace senet::cli {

namespace {

constexpr size_t kernel_columns = 52;

std::string shortened(std::string_view text, size_t columns) {
    if (text.size() <= columns) return std::string(text);
    return fmt::format("{}...", text.substr(0, columns - 3));
}

// A kernel's text begins with what it does: "conv2d ...".
std::string kind_of(const senet_step_v1_t& step) {
    const std::string_view kernel(step.kernel);
    return std::string(kernel.substr(0, kernel.find_first_of(" (;\n")));
}

// GFLOP/s of all threads together, with the registers that the variant computes in; 0 for a GPU, where none is
// measured.
double peak_of(const senet_variant_v1_t& variant, uint32_t threads) {
    using namespace senetc;
    if (variant.device != SENET_DEVICE_CPU) return 0;
    if (variant.cpu_features & SENET_CPU_X86_AVX512) return threads * measure_fma_peak(Vector::zmm);
    return threads * std::max(measure_fma_peak(Vector::ymm), measure_fma_peak(Vector::neon));  // one of them is 0
}

// Of one image.
struct Sum {
    double seconds = 0, flops = 0, bytes = 0;

    Sum& operator+=(const Sum& other) {
        seconds += other.seconds;
        flops += other.flops;
        bytes += other.bytes;
        return *this;
    }

    std::string text(double whole, double peak) const {
        const double rate = seconds > 0 ? flops / seconds * 1e-9 : 0;
        const std::string speed = flops > 0 ? fmt::format("{:8.1f}", rate) : fmt::format("{:>8}", "-");
        const std::string share =
            flops > 0 && peak > 0 ? fmt::format("{:5.1f} %", 100 * rate / peak) : fmt::format("{:>7}", "-");
        return fmt::format("{:9.4f}  {:5.1f} %  {}  {}  {:6.1f}", seconds * 1e3, whole > 0 ? 100 * seconds / whole : 0,
                           speed, share, seconds > 0 ? bytes / seconds * 1e-9 : 0);
    }
};

}  // namespace

Profile::Profile(const senet_variant_v1_t& variant)
    : variant_(variant), steps_(steps_of(variant, 0)), seconds_(steps_.size(), std::numeric_limits<double>::max()) {}

void Profile::on_step(void* profile, senet_session*, const senet_step_event* event) {
    double& least = static_cast<Profile*>(profile)->seconds_[event->index];
    least = std::min(least, event->seconds);
}

void Profile::print(uint32_t batch, uint32_t threads) const {
    const double peak = peak_of(variant_, threads);
    if (peak > 0) fmt::print("measured peak {:.1f} GFLOP/s ({} x {:.1f})\n\n", peak, threads, peak / threads);
    Sum all;
    std::vector<Sum> sums;
    std::map<std::string, Sum> kinds;
    size_t width = 4;
    for (size_t i = 0; i < steps_.size(); i++) {
        const senet_step_v1_t& step = *steps_[i];
        const double weights = double(weight_bytes(variant_, step));  // read once for all images
        sums.push_back({seconds_[i] / batch, double(step.flops), double(step.bytes) - weights + weights / batch});
        all += sums.back();
        kinds[kind_of(step)] += sums.back();
        width = std::max(width, std::string_view(step.name).size());
    }
    constexpr auto columns = " ms/image    time   GFLOP/s  of peak    GB/s";
    fmt::print("{:{}}  {}  kernel\n", "step", width, columns);
    for (size_t i = 0; i < steps_.size(); i++)
        fmt::print("{:{}}  {}  {}\n", steps_[i]->name, width, sums[i].text(all.seconds, peak),
                   shortened(steps_[i]->kernel, kernel_columns));
    for (const auto& [kind, sum] : kinds) width = std::max(width, kind.size());
    fmt::print("\n{:{}}  {}\n", "kind", width, columns);
    for (const auto& [kind, sum] : kinds) fmt::print("{:{}}  {}\n", kind, width, sum.text(all.seconds, peak));
    fmt::print("{:{}}  {}\n", "sum", width, all.text(all.seconds, peak));
}

}  // namespace senet::cli
