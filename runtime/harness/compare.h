// Stored elements against what should be there.
#pragma once

#include <cstddef>

namespace senet {

// In memory that kernels write, before they do.
constexpr float kCanary = -12345.678f;

// What a bound can also say.
constexpr float kUntouched = -1;  // the canary is there
// infinity: whatever

struct Difference {
    double error = 0;  // the largest, relative to its bound; more than 1 or NaN: wrong
    size_t element = 0;
    bool wrong = false;  // from here on: the first wrong element
    bool untouched = false;
    float found = 0, expected = 0, bound = 0;
};

Difference compare(const float* found, const float* expected, const float* bounds, size_t elements);

// The first of `elements` at `guard` that isn't the canary, or `elements`.
size_t first_touched(const float* guard, size_t elements);

}  // namespace senet
