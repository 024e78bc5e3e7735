#include <fmt/format.h>

#include <filesystem>

#include "generators/package/steps.h"
#include "models/error.h"

namespace senetc::package {

void copy_weights(const std::string& weights, const std::string& beside) {
    std::error_code error;
    std::filesystem::copy_file(weights, beside, error);
    if (error) throw Error(fmt::format("can't write '{}' ({})", beside, error.message()));
    // The copy is ours, though its source may be read-only.
    std::filesystem::permissions(beside, std::filesystem::perms::owner_write, std::filesystem::perm_options::add,
                                 error);
}

}  // namespace senetc::package
