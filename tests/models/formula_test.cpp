#include "models/weights/formula.h"
#include "models/graph/parse.h"
#include "support.h"

using namespace senetc;

TEST_CASE("the sequence of a name is SplitMix64 seeded with the name's FNV-1a hash, in 2^-24ths") {
    CHECK(formula_unit("input", 0) * (1 << 24) == 1641119);
    CHECK(formula_unit("conv1.weight", 9407) * (1 << 24) == 3351013);
}

TEST_CASE("formula weights are the reference's bits: by the role of a tensor and its name") {
    Graph graph = parse_graph(
        "graph g\n%x = input : f32[3,2,2]\n"
        "%a = conv %x weight=@conv1.weight bias=@conv1.bias out=2 kernel=1x1\n"
        "%b = batch_norm %a weight=@bn1.weight bias=@bn1.bias mean=@bn1.running_mean variance=@bn1.running_var "
        "epsilon=1e-5\n"
        "%p = global_avg_pool %b\n%y = linear %p weight=@fc.weight bias=@fc.bias out=2\nreturn %y\n",
        "test");
    graph = bind_formula_weights(graph, {{"bn1.running_mean", Tensor({2}, {0.5, 0.25})}});
    auto floats = [&](const char* name) { return graph.constants.at(name).to_floats(); };
    CHECK(floats("conv1.weight") == std::vector<float>{1.2749118e-01f, 6.93422e-01f, -1.3493812e+00f, 6.680682e-01f,
                                                       -3.6953363e-01f, 1.3131623e+00f});
    CHECK(floats("conv1.bias") == std::vector<float>{-4.771688e-02f, -9.147277e-02f});
    CHECK(floats("bn1.weight") == std::vector<float>{9.30102e-01f, 1.1622045e+00f});
    CHECK(floats("bn1.bias") == std::vector<float>{-1.9668227e-01f, -2.7590725e-01f});
    CHECK(floats("bn1.running_mean") == std::vector<float>{0.5f, 0.25f});
    CHECK(floats("bn1.running_var") == std::vector<float>{1, 1});
    CHECK(floats("fc.weight") == std::vector<float>{-5.3188566e-02f, 1.2895799e+00f, 8.4359527e-01f, 6.945739e-01f});
    CHECK(floats("fc.bias") == std::vector<float>{-4.46974e-03f, -3.8536428e-03f});
}

TEST_CASE("the formula's images are the reference's, up to the last digit of sine") {
    const std::vector<float> expected = {9.7818315e-02f, 1.5183858e+00f,  -6.6240114e-01f, 4.4595793e-02f,
                                         1.4272741e+00f, -3.3755803e-01f, -7.643621e-02f,  -9.642106e-02f,
                                         9.868855e-01f,  2.1223511e-01f,  -1.4603416e+00f, 6.4803106e-01f};
    auto found = formula_image(2, 2, 1, 3);
    REQUIRE(found.size() == expected.size());
    for (size_t i = 0; i < found.size(); i++) CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-7));
}
