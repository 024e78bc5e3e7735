#include "models/weights/dtype.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

namespace senetc {
namespace {

static_assert(std::endian::native == std::endian::little,
              "safetensors files are little-endian and are read as they lie");

float from_half(uint16_t bits) {
    int exponent = (bits >> 10) & 31, fraction = bits & 1023;
    float magnitude =
        exponent == 0    ? std::ldexp(static_cast<float>(fraction), -24)
        : exponent == 31 ? (fraction ? std::numeric_limits<float>::quiet_NaN() : std::numeric_limits<float>::infinity())
                         : std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
    return bits & 0x8000 ? -magnitude : magnitude;
}

float from_bfloat(uint16_t bits) {
    return std::bit_cast<float>(uint32_t{bits} << 16);
}

template <class Element, class Convert>
std::vector<float> convert(const char* bytes, int64_t count, Convert&& to_float) {
    std::vector<float> values(count);
    for (int64_t i = 0; i < count; i++) {
        Element element;
        std::memcpy(&element, bytes + i * sizeof(Element), sizeof(Element));
        values[i] = to_float(element);
    }
    return values;
}

const std::map<std::string, int>& sizes() {
    static const std::map<std::string, int> table = {
        {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"F8_E8M0", 1},
        {"I16", 2},  {"U16", 2}, {"F16", 2}, {"BF16", 2},    {"I32", 4},     {"U32", 4},
        {"F32", 4},  {"F64", 8}, {"I64", 8}, {"U64", 8},     {"C64", 8}};
    return table;
}

}  // namespace

int dtype_bytes(const std::string& dtype) {
    auto found = sizes().find(dtype);
    return found == sizes().end() ? 0 : found->second;
}

bool is_floating(const std::string& dtype) {
    return dtype == "F32" || dtype == "F16" || dtype == "BF16" || dtype == "F64";
}

std::vector<float> to_floats(const std::string& dtype, const char* bytes, int64_t count) {
    if (dtype == "F16") return convert<uint16_t>(bytes, count, from_half);
    if (dtype == "BF16") return convert<uint16_t>(bytes, count, from_bfloat);
    if (dtype == "F64") return convert<double>(bytes, count, [](double value) { return static_cast<float>(value); });
    return convert<float>(bytes, count, [](float value) { return value; });
}

}  // namespace senetc
