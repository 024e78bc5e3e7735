#include "runtime/harness/compare.h"

#include <cmath>
#include <cstring>

namespace senet {
namespace {

constexpr float kTiny = 1e-37f;  // below it floats lose their relative precision

bool is_canary(float value) {
    return std::memcmp(&value, &kCanary, sizeof value) == 0;
}

}  // namespace

Difference compare(const float* found, const float* expected, const float* bounds, size_t elements) {
    Difference result;
    for (size_t i = 0; i < elements; ++i) {
        if (std::isinf(bounds[i])) continue;
        const bool untouched = bounds[i] < 0;
        const double off = std::fabs(double{found[i]} - double{expected[i]}), bound = double{bounds[i]} + kTiny;
        // Not "off > bound": a NaN is wrong.
        const bool right = untouched ? is_canary(found[i]) : off <= bound;
        if (!untouched && !(off / bound <= result.error)) result.error = off / bound;
        if (right) continue;
        result.wrong = true;
        result.untouched = untouched;
        result.element = i;
        result.found = found[i], result.expected = untouched ? kCanary : expected[i], result.bound = bounds[i];
        return result;
    }
    return result;
}

size_t first_touched(const float* guard, size_t elements) {
    size_t i = 0;
    while (i < elements && is_canary(guard[i])) ++i;
    return i;
}

}  // namespace senet
