#include "generators/verify/comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace senetc::verifier {
namespace {

template <typename Value>
double channel_sum(const std::vector<Value>& values, size_t channel, size_t channels) {
    const auto per_channel = std::ptrdiff_t(values.size() / channels);
    const auto begin = values.begin() + per_channel * std::ptrdiff_t(channel);
    return std::accumulate(begin, begin + per_channel, 0.0);
}

}  // namespace

double Comparison::relative() const {
    if (error == 0) return 0;
    return largest == 0 ? std::numeric_limits<double>::infinity() : error / largest;
}

void Comparison::add(double computed, double expected) {
    const double difference = std::abs(computed - expected);
    error = std::isnan(difference) ? std::numeric_limits<double>::infinity() : std::max(error, difference);
    largest = std::max(largest, std::abs(expected));
}

void Comparison::merge(const Comparison& other) {
    name = other.name;
    error = std::max(error, other.error);
    largest = std::max(largest, other.largest);
}

Comparison compare(const std::string& name, const std::vector<float>& computed, const std::vector<double>& expected) {
    Comparison comparison{name};
    for (size_t i = 0; i < computed.size(); ++i) comparison.add(computed[i], expected.at(i));
    return comparison;
}

Comparison compare_channel_sums(const std::string& name, const std::vector<float>& sums,
                                const std::vector<double>& expected, size_t channels) {
    Comparison comparison{name};
    for (size_t c = 0; c < channels; ++c)
        comparison.add(channel_sum(sums, c, channels), channel_sum(expected, c, channels));
    return comparison;
}

}  // namespace senetc::verifier
