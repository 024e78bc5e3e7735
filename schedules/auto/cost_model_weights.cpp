#include "schedules/auto/cost_model_weights.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>

#include "generators/compiler/hash.h"
#include "generators/system/whole_file.h"
#include "models/error.h"
#include "schedules/autoschedule.h"

namespace fs = std::filesystem;

namespace senetc {

namespace {

std::string read(const fs::path& path) {
    std::optional<std::string> bytes = read_whole(path);
    if (!bytes) throw Error(fmt::format("{}: can't be read", path.string()));
    return std::move(*bytes);
}

// The length of the weights that `bytes` begin with, or 0: words of 32 bits, which are a signature, versions of
// pipeline and schedule features, a count of arrays, and each array's dimensions, extents and floats.
size_t weights_length(const char* bytes, size_t available) {
    size_t used = 0;
    const auto next = [&] {
        uint32_t word = 0;
        if (used + sizeof word <= available) std::memcpy(&word, bytes + used, sizeof word);
        used += sizeof word;
        return word;
    };
    constexpr uint32_t kArrays = 6, kMostDimensions = 4, kMostExtent = 1 << 10;
    next(), next(), next();
    if (next() != kArrays) return 0;
    for (uint32_t i = 0; i < kArrays; i++) {
        const uint32_t dimensions = next();
        if (dimensions > kMostDimensions) return 0;
        size_t floats = 1;
        for (uint32_t d = 0; d < dimensions; d++) {
            const uint32_t extent = next();
            if (extent == 0 || extent > kMostExtent) return 0;
            floats *= extent;
        }
        used += floats * sizeof(float);
    }
    return used <= available ? used : 0;
}

}  // namespace

int weights_number(const std::string& bytes) {
    const uint64_t hash = std::stoull(hash_hex(bytes).substr(16), nullptr, 16);
    return std::max(1, static_cast<int>(hash & 0x7fffffff));
}

std::string weights_file_name(int number) {
    return fmt::format("Adams2019-{}.weights", number);
}

fs::path checked_weights(const fs::path& folder, int number) {
    const fs::path path = folder / weights_file_name(number);
    if (!fs::exists(path))
        throw Error(
            fmt::format("{}: the cost model's weights of a schedule with weights={} are missing; they belong "
                        "beside the table or journal that the schedule is from",
                        path.string(), number));
    if (weights_number(read(path)) != number)
        throw Error(
            fmt::format("{}: isn't what its name says: it was altered; copy it again from where the schedule "
                        "was made",
                        path.string()));
    return path;
}

int store_weights(const fs::path& folder, const std::string& bytes) {
    const int number = weights_number(bytes);
    const fs::path path = folder / weights_file_name(number);
    if (const std::error_code error = replace_whole(path, bytes))
        throw Error(fmt::format("{}: the weights can't be written ({})", path.string(), error.message()));
    return number;
}

std::string shipped_weights() {
    const fs::path plugin = halide_folder() / "libautoschedule_adams2019.so";
    const std::string bytes = read(plugin);
    constexpr char kSignature[] = {'1', 'f', 'w', 'h'};
    for (size_t at = bytes.find(kSignature, 0, sizeof kSignature); at != std::string::npos;
         at = bytes.find(kSignature, at + 1, sizeof kSignature)) {
        if (const size_t length = weights_length(bytes.data() + at, bytes.size() - at); length != 0)
            return bytes.substr(at, length);
    }
    throw Error(fmt::format("{}: has no weights of a cost model in it; is it Halide 21's?", plugin.string()));
}

}  // namespace senetc
