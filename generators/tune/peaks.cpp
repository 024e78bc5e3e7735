#include "generators/tune/peaks.h"

#include "generators/compiler/targets.h"
#include "runtime/measure/bandwidth.h"
#include "runtime/measure/fma_peak.h"

namespace senetc::tune {

Peaks measure_peaks(const std::string& variant) {
    const int lanes = find_variant(variant).lanes;
    const double fma = measure_fma_peak(lanes == 16 ? Vector::zmm : lanes == 8 ? Vector::ymm : Vector::neon);
    if (fma == 0) return {};
    return {fma, measure_l2_bandwidth(), measure_memory_bandwidth()};
}

}  // namespace senetc::tune
