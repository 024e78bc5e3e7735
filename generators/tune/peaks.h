// What one thread of a machine can do at most, measured: kept in a journal, so that a report made elsewhere can say
// what share of it a kernel reaches.
#pragma once

#include <string>

namespace senetc::tune {

// 0: not measured.
struct Peaks {
    double fma_gflops = 0;  // multiply-adds on registers of the variant's width (runtime/measure/fma_peak.h)
    double l2_gbps = 0;     // read by one thread (runtime/measure/bandwidth.h)
    double memory_gbps = 0;
    bool operator==(const Peaks&) const = default;
};

// Of this machine, within about a second; all 0 where it doesn't run the variant.
Peaks measure_peaks(const std::string& variant);

}  // namespace senetc::tune
