// How far computed values are from what they should be.
#pragma once

#include <string>
#include <vector>

namespace senetc::verifier {

struct Comparison {
    std::string name;
    double error = 0;    // the largest difference; infinite where a value is no number
    double largest = 0;  // of the expected values' magnitudes

    // Relative to the largest value: what floats that are added up lose, they lose of the large ones.
    double relative() const;
    void add(double computed, double expected);
    void merge(const Comparison& other);  // of another image
};

Comparison compare(const std::string& name, const std::vector<float>& computed, const std::vector<double>& expected);

// Of a map whose sums by tile alone were computed: what either comes to over each channel.
Comparison compare_channel_sums(const std::string& name, const std::vector<float>& sums,
                                const std::vector<double>& expected, size_t channels);

}  // namespace senetc::verifier
