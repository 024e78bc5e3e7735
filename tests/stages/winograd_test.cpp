// Winograd convolutions: their transforms, and kernels at shapes that tiles don't divide, with Halide's checks of every
// buffer compiled in.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "generators/stages/winograd_transforms.h"
#include "tests/stages/check_stages.h"

using namespace senetc;
using namespace senetc::test;

namespace {

const std::string kConv = "conv kernel_h=3 kernel_w=3 pad=1 ";

// axis: 0 serial, 1 images, 2 bands of tile rows, 3 output blocks.
std::string with(const std::string& shape, int m, int axis = 2,
                 const std::string& numbers = "tile_p=3 tile_k=1 rows=2") {
    return fmt::format("{}{} | winograd m={} axis={} {} images=2 pad={}", kConv, shape, m, axis, numbers,
                       axis == 3 ? 1 : 0);
}

}  // namespace

TEST_CASE("AT [(G g) * (BT d)] is the sliding dot product, for every unit filter and input") {
    for (const auto& [m, stride] : {std::pair{2, 1}, {4, 1}, {6, 1}, {2, 2}}) {
        const auto matrix = winograd_filter_matrix(m, stride);
        const auto elements = static_cast<size_t>(winograd_elements(m, stride));
        const auto shared = static_cast<size_t>(winograd_shared_rows(m, stride));
        for (size_t tap = 0; tap < 3; tap++) {
            for (size_t at = 0; at < elements; at++) {
                std::vector<double> d(elements);
                d[at] = 1;
                std::vector<double> q = winograd_input(m, stride, d);
                REQUIRE(q.size() == elements);
                for (size_t e = 0; e < q.size(); e++) q[e] *= matrix[std::max(e, shared) - shared][tap];
                const std::vector<double> y = winograd_output(m, stride, q);
                REQUIRE(y.size() == static_cast<size_t>(m));
                for (size_t i = 0; i < y.size(); i++) {
                    CHECK(y[i] == doctest::Approx(i * static_cast<size_t>(stride) + tap == at ? 1 : 0));
                }
            }
        }
    }
}

TEST_CASE("Winograd convolutions of maps that tiles divide, and don't") {
    std::vector<std::string> stages;
    for (const int m : {2, 4, 6}) {
        stages.push_back(with("ci=16 co=32 in_h=12 in_w=24 in_halo=1 act=relu", m));
        stages.push_back(with("ci=32 co=16 in_h=14 in_w=14 in_halo=1 out_halo=1", m));
        stages.push_back(with("ci=16 co=16 in_h=7 in_w=7 in_halo=1", m, 3));
        stages.push_back(with("ci=16 co=32 in_h=13 in_w=9 in_halo=2 out_halo=3 act=relu", m, 3));
        stages.push_back(with("ci=16 co=16 in_h=1 in_w=1 in_halo=1", m));
        stages.push_back(with("ci=16 co=16 in_h=2 in_w=31 in_halo=1 act=sigmoid", m, 0));
    }
    check_stages(stages, Checks::asserts, Tasks::chosen);
}

TEST_CASE("Winograd convolutions of channels that blocks don't divide") {
    std::vector<std::string> stages;
    for (const int m : {2, 4, 6}) {
        stages.push_back(with("ci=5 co=20 in_h=9 in_w=10 in_halo=1", m));
        stages.push_back(with("ci=40 co=1 in_h=8 in_w=8 in_halo=1 act=relu", m, 1));
        stages.push_back(with("ci=17 co=50 in_h=7 in_w=7 in_halo=1 out_halo=1", m, 3, "tile_p=2 tile_k=2 rows=2"));
    }
    check_stages(stages, Checks::asserts, Tasks::chosen);
}

TEST_CASE("Winograd convolutions with gates, residuals and sums") {
    std::vector<std::string> stages;
    for (const int m : {2, 4, 6}) {
        stages.push_back(with("ci=16 co=24 in_h=13 in_w=9 in_halo=1 gate=1 act=relu", m));
        stages.push_back(with("ci=16 co=16 in_h=7 in_w=7 in_halo=1 residual=1 res_halo=1 act=relu", m, 3));
        stages.push_back(with("ci=16 co=32 in_h=14 in_w=14 in_halo=1 gate=1 residual=1 out_halo=1 act=relu", m));
        stages.push_back(with("ci=16 co=32 in_h=13 in_w=9 in_halo=1 sums=1 out_halo=1 act=relu", m));
        stages.push_back(with("ci=16 co=40 in_h=12 in_w=12 in_halo=1 gate=1 residual=1 sums=1 act=relu", m, 3));
        stages.push_back(with("ci=16 co=16 in_h=13 in_w=9 in_halo=1 sums=1 store=0 act=relu", m));
        stages.push_back(with("ci=16 co=16 in_h=7 in_w=7 in_halo=1 residual=1 sums=1 store=0", m, 3));
        stages.push_back(with("ci=16 co=16 in_h=1 in_w=3 in_halo=1 sums=1", m, 1));
    }
    check_stages(stages, Checks::asserts, Tasks::chosen);
}

TEST_CASE("Winograd convolutions of stride 2: even and odd inputs, tiles that fit and don't") {
    check_stages(
        {
            with("stride=2 ci=16 co=32 in_h=24 in_w=16 in_halo=1 act=relu", 2),
            with("stride=2 ci=32 co=16 in_h=14 in_w=14 in_halo=1 out_halo=1", 2),
            with("stride=2 ci=16 co=16 in_h=13 in_w=13 in_halo=1", 2, 3),
            with("stride=2 ci=16 co=32 in_h=15 in_w=18 in_halo=2 out_halo=3 act=relu", 2, 3),
            with("stride=2 ci=16 co=16 in_h=1 in_w=1 in_halo=1", 2),
            with("stride=2 ci=16 co=16 in_h=2 in_w=2 in_halo=1", 2),
            with("stride=2 ci=16 co=16 in_h=3 in_w=31 in_halo=1 act=sigmoid", 2, 0),
            with("stride=2 ci=5 co=20 in_h=17 in_w=10 in_halo=1", 2),
            with("stride=2 ci=40 co=1 in_h=8 in_w=9 in_halo=1 act=relu", 2, 1),
            with("stride=2 ci=17 co=50 in_h=14 in_w=14 in_halo=1 out_halo=1", 2, 3, "tile_p=2 tile_k=2 rows=2"),
        },
        Checks::asserts, Tasks::chosen);
}

TEST_CASE("Winograd convolutions of stride 2 with gates, residuals and sums") {
    check_stages(
        {
            with("stride=2 ci=16 co=24 in_h=25 in_w=17 in_halo=1 gate=1 act=relu", 2),
            with("stride=2 ci=16 co=16 in_h=13 in_w=14 in_halo=1 residual=1 res_halo=1 act=relu", 2, 3),
            with("stride=2 ci=16 co=32 in_h=28 in_w=28 in_halo=1 gate=1 residual=1 out_halo=1 act=relu", 2),
            with("stride=2 ci=16 co=32 in_h=26 in_w=17 in_halo=1 sums=1 out_halo=1 act=relu", 2),
            with("stride=2 ci=16 co=40 in_h=24 in_w=24 in_halo=1 gate=1 residual=1 sums=1 act=relu", 2, 3),
            with("stride=2 ci=16 co=16 in_h=25 in_w=18 in_halo=1 sums=1 store=0 act=relu", 2),
            with("stride=2 ci=16 co=16 in_h=14 in_w=13 in_halo=1 residual=1 sums=1 store=0", 2, 3),
            with("stride=2 ci=16 co=16 in_h=1 in_w=5 in_halo=1 sums=1", 2, 1),
        },
        Checks::asserts, Tasks::chosen);
}

TEST_CASE("Winograd convolutions of stride 2 as the compiler chooses them") {
    check_stages(
        {
            "conv kernel_h=3 kernel_w=3 pad=1 stride=2 ci=64 co=128 in_h=56 in_w=56 in_halo=1 out_halo=1 act=relu",
            "conv kernel_h=3 kernel_w=3 pad=1 stride=2 ci=128 co=144 in_h=27 in_w=28 in_halo=1 sums=1 act=relu",
        },
        Checks::asserts, Tasks::chosen);
}
