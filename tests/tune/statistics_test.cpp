// Medians and their intervals, against tables of the binomial distribution.
#include "generators/tune/statistics.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <numeric>

using namespace senetc::tune;

namespace {

// 1, 2, ..., n, backwards: order must not matter.
std::vector<double> ranks(int n) {
    std::vector<double> values(static_cast<std::size_t>(n));
    std::iota(values.rbegin(), values.rend(), 1);
    return values;
}

}  // namespace

TEST_CASE("the median is the middle value, or the mean of the two in the middle") {
    CHECK(median({3}) == 3);
    CHECK(median({9, 1, 4}) == 4);
    CHECK(median({8, 1, 4, 2}) == 3);
}

TEST_CASE("95 % intervals of a median have the ranks that tables give") {
    CHECK(median_interval(ranks(6)) == Interval{1, 6});
    CHECK(median_interval(ranks(9)) == Interval{2, 8});
    CHECK(median_interval(ranks(10)) == Interval{2, 9});
    CHECK(median_interval(ranks(20)) == Interval{6, 15});
    CHECK(median_interval(ranks(100)) == Interval{40, 61});
}

TEST_CASE("of fewer than six values the interval is all of them") {
    CHECK(median_interval({7}) == Interval{7, 7});
    CHECK(median_interval(ranks(5)) == Interval{1, 5});
}

TEST_CASE("outliers don't move an interval") {
    std::vector<double> values = ranks(20);
    values[0] = 1e9;
    CHECK(median_interval(values) == Interval{6, 15});
}
