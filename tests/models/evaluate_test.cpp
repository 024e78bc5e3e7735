// The oracle against values worked out by hand, and its convolution against the definition, term by term.
#include "models/reference/evaluate.h"
#include "models/graph/parse.h"
#include "support.h"

using namespace senetc;

namespace {

std::vector<double> output_of(const std::string& body, std::map<std::string, Tensor> constants,
                              const std::vector<double>& input) {
    Graph graph = parse_graph("graph g\n" + body, "test");
    graph.constants = std::move(constants);
    return evaluate(graph, input)[graph.output];
}

void check_near(const std::vector<double>& found, const std::vector<double>& expected) {
    REQUIRE(found.size() == expected.size());
    for (size_t i = 0; i < found.size(); i++) CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-14));
}

double at(const std::vector<double>& map, Type type, int c, int y, int x) {
    bool inside = y >= 0 && y < type.height && x >= 0 && x < type.width;
    return inside ? map[(int64_t{c} * type.height + y) * type.width + x] : 0.0;
}

// One output element of a convolution, straight from its definition.
double conv_element(const ConvOp& op, const Tensor& weight, const std::vector<double>& map, Type x, int o, int oy,
                    int ox) {
    double sum = 0;
    int ins = x.channels / op.groups, first = o / (op.out_channels / op.groups) * ins;
    for (int i = 0; i < ins; i++)
        for (int ky = 0; ky < op.kernel_h; ky++)
            for (int kx = 0; kx < op.kernel_w; kx++)
                sum += weight[((int64_t{o} * ins + i) * op.kernel_h + ky) * op.kernel_w + kx] *
                       at(map, x, first + i, oy * op.stride + ky - op.pad, ox * op.stride + kx - op.pad);
    return sum;
}

}  // namespace

TEST_CASE("convolution follows its definition for any kernel, stride, padding and grouping") {
    std::mt19937 random(7);
    auto pick = [&](int least, int most) { return std::uniform_int_distribution<int>(least, most)(random); };
    for (int trial = 0; trial < 300; trial++) {
        Type x{pick(1, 4), pick(1, 8), pick(1, 8)};
        ConvOp op{pick(1, 4), pick(1, 5), pick(1, 5), pick(1, 4), pick(0, 3), 1, "w", "", Activation::none};
        if (pick(0, 2) == 0) op.groups = op.out_channels = x.channels;
        Graph graph;
        graph.nodes = {{"input", InputOp{}, {}, x, ""}, {"conv", op, {0}, {}, ""}};
        graph.output = 1;
        if (x.height + 2 * op.pad < op.kernel_h || x.width + 2 * op.pad < op.kernel_w) continue;
        graph.nodes[1].type = {op.out_channels, (x.height + 2 * op.pad - op.kernel_h) / op.stride + 1,
                               (x.width + 2 * op.pad - op.kernel_w) / op.stride + 1};
        graph = bind_random(std::move(graph), random);
        auto input = random_input(graph, random);
        auto found = evaluate(graph, input)[1];
        Type y = graph.nodes[1].type;
        std::vector<double> expected;
        for (int o = 0; o < y.channels; o++)
            for (int oy = 0; oy < y.height; oy++)
                for (int ox = 0; ox < y.width; ox++)
                    expected.push_back(conv_element(op, graph.constants.at("w"), input, x, o, oy, ox));
        REQUIRE(relative_error(found, expected) <= 1e-14);
    }
}

TEST_CASE("convolution adds bias and residual before its activation") {
    auto y =
        output_of("%x = input : f32[1,1,3]\n%y = conv %x %x weight=@w bias=@b out=1 kernel=1x1 act=relu\nreturn %y",
                  {{"w", {{1, 1, 1, 1}, {2}}}, {"b", {{1}, {-1}}}}, {1, -4, 0});
    check_near(y, {2, 0, 0});  // relu(2x - 1 + x)
}

TEST_CASE("a gate on the output multiplies sum and bias, never the residual; one on the input never the bias") {
    std::string head = "%x = input : f32[1,1,3]\n%g = global_avg_pool %x\n";
    std::map<std::string, Tensor> constants = {{"w", {{1, 1, 1, 1}, {2}}}, {"b", {{1}, {-1}}}};
    auto y = output_of(head + "%y = conv %x %g weight=@w bias=@b out=1 kernel=1x1 gate=output\nreturn %y", constants,
                       {1, 5, 3});
    check_near(y, {3, 27, 15});  // 3 (2x - 1)
    y = output_of(head + "%y = conv %x %g %x weight=@w bias=@b out=1 kernel=1x1 gate=output act=relu\nreturn %y",
                  constants, {-5, 8, 3});
    check_near(y, {0, 38, 13});  // relu(2 (2x - 1) + x)
    std::string two = "%x = input : f32[2,1,2]\n%g = global_avg_pool %x\n";
    y = output_of(two + "%y = conv %x %g weight=@w bias=@b out=2 kernel=1x1 groups=2 gate=input\nreturn %y",
                  {{"w", {{2, 1, 1, 1}, {2, 3}}}, {"b", {{2}, {-1, 1}}}}, {1, 3, 4, 0});
    check_near(y, {3, 11, 25, 1});  // 2 (2 x0) - 1, 3 (2 x1) + 1
}

TEST_CASE("window means are what each tap of a padded convolution sees, over its number of outputs") {
    auto y = output_of("%x = input : f32[1,2,2]\n%y = window_means %x kernel=3 pad=1\nreturn %y", {}, {4, 8, 16, 32});
    check_near(y, {1, 3, 2, 5, 15, 10, 4, 12, 8});
    y = output_of("%x = input : f32[2,1,1]\n%y = window_means %x kernel=3 pad=1\nreturn %y", {}, {4, 8});
    check_near(y, {0, 0, 0, 0, 0, 0, 0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0});
    y = output_of("%x = input : f32[1,2,3]\n%y = window_means %x kernel=2\nreturn %y", {}, {1, 2, 3, 4, 5, 6});
    check_near(y, {1.5, 2.5, 4.5, 5.5});
}

TEST_CASE("batch norm subtracts the mean, divides by the deviation, scales and shifts per channel") {
    auto y = output_of(
        "%x = input : f32[2,1,2]\n%y = batch_norm %x weight=@w bias=@b mean=@m variance=@v epsilon=1\nreturn %y",
        {{"w", {{2}, {2, 3}}}, {"b", {{2}, {5, 7}}}, {"m", {{2}, {1, 0}}}, {"v", {{2}, {3, 8}}}}, {1, 3, 6, -3});
    check_near(y, {5, 7, 13, 4});
}

TEST_CASE("max pooling's padding never wins, even over negative values") {
    auto y = output_of("%x = input : f32[1,2,3]\n%y = max_pool %x kernel=3 stride=2 pad=1\nreturn %y", {},
                       {-5, -4, -3, -2, -6, -7});
    check_near(y, {-2, -3});
}

TEST_CASE("global average pooling is the mean of each channel") {
    auto y = output_of("%x = input : f32[2,2,2]\n%y = global_avg_pool %x\nreturn %y", {}, {1, 2, 3, 4, -1, 0, 0, 0});
    check_near(y, {2.5, -0.25});
}

TEST_CASE("linear is weight times x plus bias") {
    auto y = output_of("%x = input : f32[2]\n%y = linear %x weight=@w bias=@b out=3 act=relu\nreturn %y",
                       {{"w", {{3, 2}, {1, 2, 3, 4, 5, 6}}}, {"b", {{3}, {0.5, -20, 1}}}}, {1, 2});
    check_near(y, {5.5, 0, 18});
}

TEST_CASE("excite is two linears with relu and sigmoid") {
    auto y = output_of("%x = input : f32[2]\n%y = excite %x w1=@w1 b1=@b1 w2=@w2 b2=@b2 hidden=2 out=2\nreturn %y",
                       {{"w1", {{2, 2}, {1, 0, 0, -1}}},
                        {"b1", {{2}, {1, 1}}},
                        {"w2", {{2, 2}, {1, 1, 2, 0}}},
                        {"b2", {{2}, {-2, 0}}}},
                       {1, 3});
    check_near(y, {0.5, 1 / (1 + std::exp(-4))});  // hidden = relu(2, -2) = (2, 0)
    y = output_of("%x = input : f32[2]\n%y = excite %x w1=@w1 w2=@w2 hidden=1 out=1\nreturn %y",
                  {{"w1", {{1, 2}, {1, 1}}}, {"w2", {{1, 1}, {0}}}}, {1, 3});
    check_near(y, {0.5});
}

TEST_CASE("scale multiplies each channel by its gate; scale_add adds the residual before the activation") {
    std::string pooled = "%x = input : f32[2,1,2]\n%g = global_avg_pool %x\n";
    check_near(output_of(pooled + "%y = scale %x %g\nreturn %y", {}, {1, 3, -1, 0}), {2, 6, 0.5, 0});
    check_near(output_of(pooled + "%y = scale_add %x %g\nreturn %y", {}, {1, 3, -1, 0}), {2, 6, 0.5, 0});
    check_near(output_of(pooled + "%y = scale_add %x %g %x act=relu\nreturn %y", {}, {1, 3, -1, 0}), {3, 9, 0, 0});
    check_near(output_of("%x = input : f32[2]\n%y = scale_add %x %x %x\nreturn %y", {}, {3, -1}), {12, 0});
}

TEST_CASE("add and add_activation add; activations are relu and the logistic sigmoid") {
    std::string input = "%x = input : f32[2]\n";
    check_near(output_of(input + "%y = add %x %x\nreturn %y", {}, {1, -2}), {2, -4});
    check_near(output_of(input + "%y = add_activation %x %x act=relu\nreturn %y", {}, {1, -2}), {2, 0});
    check_near(output_of(input + "%y = activation %x act=relu\nreturn %y", {}, {1, -2}), {1, 0});
    check_near(output_of(input + "%y = activation %x act=sigmoid\nreturn %y", {}, {0, std::log(3)}), {0.5, 0.75});
}

TEST_CASE("the oracle returns every node's value in order") {
    Graph graph = parse_graph("graph g\n%x = input : f32[2]\n%a = add %x %x\n%b = add %a %x\nreturn %a", "test");
    auto values = evaluate(graph, {1, 2});
    REQUIRE(values.size() == 3);
    check_near(values[0], {1, 2});
    check_near(values[2], {3, 6});
}

TEST_CASE("an observer sees every value, and later nodes read what it puts in one's place") {
    Graph graph = parse_graph("graph g\n%x = input : f32[2]\n%a = add %x %x\n%b = add %a %x\nreturn %b", "test");
    std::vector<std::string> seen;
    const auto values = evaluate(graph, {1, 2}, [&](const Node& node, std::vector<double>& value) {
        seen.push_back(node.name);
        if (node.name == "a") value = {10, 20};
    });
    CHECK(seen == std::vector<std::string>{"x", "a", "b"});
    check_near(values[2], {11, 22});
}

TEST_CASE("the oracle names what is missing") {
    Graph graph = parse_graph("graph g\n%x = input : f32[2]\n%y = linear %x weight=@w out=1\nreturn %y", "test");
    CHECK(error_of([&] { evaluate(graph, {1, 2}); }) == "@w isn't bound");
    CHECK(error_of([&] { evaluate(graph, {1, 2, 3}); }) == "%x needs 2 values, not 3");
}
