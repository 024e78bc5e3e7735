// The transforms of Winograd's minimal filtering F(m x m, 3 x 3), m = 2, 4 or 6 (Lavin & Gray 2015):
//     y = AT [ (G g GT) * (BT d B) ] A, * element by element,
// for a tile d of e x e inputs, a filter g of 3 x 3 and m x m outputs y.
//
// With stride 1, e is m+2. The matrices are Cook-Toom's for m+1 points and infinity, in the scaling where BT's rows are
// monic polynomials (wincnn has the same up to scaling): with N(x) the product of all (x - a),
//     AT   column of point a: 1, a, a^2 ...; infinity: the last row alone
//     BT   row of point a: coefficients of N(x) / (x - a); infinity: those of N(x)
//     G    row of point a: (1, a, a^2) / N'(a); infinity: (0, 0, 1)
// G is computed here; AT and BT are written as the fewest operations that share sums.
//
// F(4 x 4) has the points 0, 1, -1, 1/2, -2. Their reciprocals are points too, so large powers are rare: whole networks
// come out with a third less error than with the usual 0, +-1, +-2, at the same cost.
//
// With stride 2 (m = 2 only), e is 5: of d0 .. d4, every second meets the filter's middle tap alone, the others its
// outer taps, as in a filter of two taps and stride 1, whose F(2, 2) takes three products instead of four:
//     y0 = g1 d1 + (g0 d0 + g2 d2)        g0 d0 + g2 d2 = g0 (d0 - d2) + (g0 + g2) d2
//     y1 = g1 d3 + (g0 d2 + g2 d4)        g0 d2 + g2 d4 = (g0 + g2) d2 + g2 (d4 - d2)
// That is 25 products for 4 outputs instead of 36. G still has m+2 rows: d1 and d3 are multiplied with the same one.
#pragma once

#include <array>
#include <stdexcept>
#include <vector>

namespace senetc {

// e: of an input tile and its spectrum, each way.
inline int winograd_elements(int m, int stride) {
    return stride == 1 ? m + 2 : 2 * m + 1;
}

inline std::vector<double> winograd_points(int m) {
    if (m == 2) return {0, 1, -1};
    if (m == 4) return {0, 1, -1, 0.5, -2};
    if (m == 6) return {0, 1, -1, 2, -2, 0.5, -0.5};
    throw std::logic_error("no Winograd transform for these tiles");
}

// G: m+2 rows of 3.
inline std::vector<std::array<double, 3>> winograd_filter_matrix(int m, int stride) {
    if (stride == 2) return {{0, 1, 0}, {1, 0, 0}, {1, 0, 1}, {0, 0, 1}};
    const std::vector<double> points = winograd_points(m);
    std::vector<std::array<double, 3>> rows;
    for (const double a : points) {
        double slope = 1;  // N'(a)
        for (const double b : points) slope *= b == a ? 1 : a - b;
        rows.push_back({1 / slope, a / slope, a * a / slope});
    }
    rows.push_back({0, 0, 1});
    return rows;
}

// How many of the spectrum's first elements are all multiplied with G's first row, less one: element i with row
// max(i - that, 0).
inline int winograd_shared_rows(int m, int stride) {
    return winograd_elements(m, stride) - (m + 2);
}

// BT d, for the values of a row or column of the input tile.
template <class T>
std::vector<T> winograd_input(int m, int stride, const std::vector<T>& d) {
    if (stride == 2) return {d[1], d[3], d[0] - d[2], d[2], d[4] - d[2]};
    if (m == 2) return {d[2] - d[0], d[2] + d[1], d[2] - d[1], d[3] - d[1]};
    if (m == 4) {
        // N = x (x^2 - 1) u with u = x^2 + 3/2 x - 1; `u0` to `u3` are u, x u, x^2 u and x^3 u.
        const T odd = d[3] - d[1], even = d[4] - d[2];
        const T u0 = (d[2] - d[0]) + 1.5f * d[1], u1 = odd + 1.5f * d[2];
        const T u2 = even + 1.5f * d[3], u3 = (d[5] - d[3]) + 1.5f * d[4];
        return {u2 - u0, u2 + u1, u2 - u1, even + 2.0f * odd, even - 0.5f * odd, u3 - u1};
    }
    // N = x (x^2 - 1) (x^2 - 4) (x^2 - 1/4): a pair of points +-a shares its even and its odd powers.
    const T even1 = d[6] + d[2] - 4.25f * d[4], odd1 = d[5] + d[1] - 4.25f * d[3];
    const T even2 = d[6] - 1.25f * d[4] + 0.25f * d[2], odd2 = 2.0f * d[5] - 2.5f * d[3] + 0.5f * d[1];
    const T even3 = d[6] - 5.0f * d[4] + 4.0f * d[2], odd3 = 0.5f * d[5] - 2.5f * d[3] + 2.0f * d[1];
    return {d[6] - d[0] + 5.25f * (d[2] - d[4]),
            even1 + odd1,
            even1 - odd1,
            even2 + odd2,
            even2 - odd2,
            even3 + odd3,
            even3 - odd3,
            d[7] - d[1] + 5.25f * (d[3] - d[5])};
}

// AT q, for the products of a row or column.
template <class T>
std::vector<T> winograd_output(int m, int stride, const std::vector<T>& q) {
    if (stride == 2) return {q[0] + (q[2] + q[3]), q[1] + (q[3] + q[4])};
    const T sum1 = q[1] + q[2], difference1 = q[1] - q[2];
    if (m == 2) return {q[0] + sum1, difference1 + q[3]};
    if (m == 4) {
        return {q[0] + sum1 + (q[3] + q[4]), difference1 + 0.5f * q[3] - 2.0f * q[4], sum1 + 0.25f * q[3] + 4.0f * q[4],
                difference1 + q[5] + 0.125f * q[3] - 8.0f * q[4]};
    }
    const T sum2 = q[3] + q[4], difference2 = q[3] - q[4], sum3 = q[5] + q[6], difference3 = q[5] - q[6];
    return {q[0] + sum1 + sum2 + sum3,
            difference1 + 2.0f * difference2 + 0.5f * difference3,
            sum1 + 4.0f * sum2 + 0.25f * sum3,
            difference1 + 8.0f * difference2 + 0.125f * difference3,
            sum1 + 16.0f * sum2 + 0.0625f * sum3,
            difference1 + q[7] + 32.0f * difference2 + 0.03125f * difference3};
}

}  // namespace senetc
