// The hand schedules' numbers, one function per stage kind and target family; choose_schedule calls them.
#pragma once

#include "generators/compiler/stage.h"
#include "generators/compiler/targets.h"

namespace senetc {

Schedule choose_conv_avx512(const Stage& stage);
Schedule choose_conv_avx2(const Stage& stage);
Schedule choose_conv_neon(const Stage& stage);
Schedule choose_direct_conv(const Stage& stage, const VariantInfo& variant);      // one of these
Schedule choose_winograd(const Stage& stage, const VariantInfo& variant, int m);  // a 3x3 conv by F(m x m, 3 x 3)
// Whether a conv has the geometry of Winograd's generator. A shortcut is added up in the direct convolution's
// accumulators.
bool winograd_fits(const Stage& stage);
// That m, or 0 where the direct convolution is better (algorithms.cpp).
int choose_winograd_tile(const Stage& stage, const VariantInfo& variant);
Schedule choose_map(const Stage& stage, const VariantInfo& variant);     // depthwise conv, pooling, elementwise
Schedule choose_vector(const Stage& stage, const VariantInfo& variant);  // squeeze, excite, dense
Schedule choose_ingest(const Stage& stage);

}  // namespace senetc
