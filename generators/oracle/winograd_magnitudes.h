// What rounding errors of a Winograd convolution are relative to.
#pragma once

#include "generators/oracle/logical.h"

namespace senetc::oracle {

// For every output of a 3x3 convolution with padding 1 and stride 1 or 2: |AT| (|G| |g| |GT| * |BT| |d| |B|) |A| summed
// over channels, that is the sum that F(m x m, 3 x 3) computes with every addend's magnitude in its place. Float errors
// are relative to it (Barabasz et al. 2020, theorem 2).
Array winograd_magnitudes(int m, int stride, const Array& input, const Array& weight);

}  // namespace senetc::oracle
