// What can be said of times that were measured again and again.
#pragma once

#include <vector>

namespace senetc::tune {

// The middle value, or the mean of the two in the middle. At least one value.
double median(std::vector<double> values);

struct Interval {
    double low = 0, high = 0;
    bool operator==(const Interval&) const = default;
};

// Where the median of whatever the values were drawn from lies, at least 95 times in 100, however they are distributed:
// two of the values themselves, of ranks that the binomial distribution gives. Fewer than six values say too little:
// then it is from the least to the largest. At least one value.
Interval median_interval(std::vector<double> values);

}  // namespace senetc::tune
