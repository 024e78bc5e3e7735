#include "generators/tune/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace senetc::tune {
namespace {

// Values that may be left out at either end. Each value lies below the median with probability 1/2, so the chance that
// the k least values all do, and with them the interval's lower end, is P(Binomial(n, 1/2) < k).
size_t left_out(size_t n) {
    constexpr double tail = 0.025;
    double probability = 0;
    for (size_t k = 0; k < n / 2; ++k) {
        const double ways = std::lgamma(double(n) + 1) - std::lgamma(double(k) + 1) - std::lgamma(double(n - k) + 1);
        probability += std::exp(ways - double(n) * std::log(2.0));
        if (probability > tail) return k == 0 ? 0 : k - 1;
    }
    return 0;
}

}  // namespace

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Interval median_interval(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const size_t out = left_out(values.size());
    return {values[out], values[values.size() - 1 - out]};
}

}  // namespace senetc::tune
