#include <fmt/format.h>

#include <filesystem>

#include "generators/package/steps.h"
#include "models/error.h"

namespace senetc::package {
namespace {
namespace fs = std::filesystem;

constexpr uintmax_t kPlanBytes = 4 << 20;  // above any plan's object

// 0 when there is no such file, which a later step reports.
uintmax_t size_of(const std::string& path) {
    std::error_code error;
    const uintmax_t size = fs::file_size(path, error);
    return error ? 0 : size;
}

}  // namespace

// Asked first, because lld writes through mapped memory, and a full disk then ends the process by a signal.
void check_space(const PackageInput& input) {
    uintmax_t code = kPlanBytes;
    for (const std::string& object : input.objects) code += size_of(object);
    const int weights_copies = input.weights_beside ? 1 : 5;                      // three objects, archive and library
    const uintmax_t needed = 4 * code + weights_copies * size_of(input.weights);  // and the kernels' combined object
    std::error_code error;
    const fs::space_info space = fs::space(input.output_folder.empty() ? "." : input.output_folder, error);
    if (!error && space.available < needed)
        throw Error(
            fmt::format("the output folder '{}' has {} MB free but packaging '{}' needs {} MB: make room there or "
                        "choose another with -o",
                        input.output_folder, space.available / 1000000, input.plan.name, needed / 1000000));
}

}  // namespace senetc::package
