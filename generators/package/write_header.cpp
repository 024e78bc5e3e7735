#include <fmt/format.h>

#include "generators/package/steps.h"
#include "generators/package/write_file.h"

namespace senetc::package {
namespace {

// The struct is only declared, so that the header compiles without libsenet's beside it.
constexpr const char* kHeader = R"(/* {name}: a network compiled by {producer}. One input image is float
 * [{channels}][{height}][{width}] or uint8 [{height}][{width}][{channels}]; the result is float [{classes}]. */
#ifndef SENET_MODEL_{upper}_H
#define SENET_MODEL_{upper}_H

#include <stdint.h>

#define {upper}_CHANNELS {channels}
#define {upper}_HEIGHT {height}
#define {upper}_WIDTH {width}
#define {upper}_CLASSES {classes}

#ifdef __cplusplus
extern "C" {{
#endif

/* For senet_model_open_linked; senet/model_abi.h has the struct. */
const struct senet_model_v1* {query}(uint32_t abi_version);

#ifdef __cplusplus
}}
#endif
#endif
)";

std::string upper_case(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

}  // namespace

void write_header(const Plan& plan, const std::string& header) {
    const std::string text =
        fmt::format(kHeader, fmt::arg("name", plan.name), fmt::arg("upper", upper_case(plan.name)),
                    fmt::arg("producer", plan.producer), fmt::arg("query", query_symbol(plan.name)),
                    fmt::arg("channels", plan.channels), fmt::arg("height", plan.height), fmt::arg("width", plan.width),
                    fmt::arg("classes", plan.classes));
    write_file(header, [&](llvm::raw_pwrite_stream& out) { out << text; });
}

}  // namespace senetc::package
