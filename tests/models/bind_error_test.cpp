#include "models/graph/parse.h"
#include "models/weights/bind.h"
#include "models/weights/formula.h"
#include "support.h"

using namespace senetc;

namespace {

Graph network() {
    return parse_graph(
        "graph net\n%x = input : f32[2,3,3]\n%c = conv %x weight=@conv1.weight out=3 kernel=1x1\n"
        "%b = batch_norm %c weight=@bn1.weight bias=@bn1.bias mean=@bn1.running_mean variance=@bn1.running_var "
        "epsilon=1e-5\n"
        "return %b\n",
        "test");
}

WeightFile complete() {
    WeightFile file{"w.safetensors", {}, {}, {}};
    for (const auto& [name, shape] : expected_constants(network()))
        file.tensors[name] = Tensor(shape, std::vector<double>(element_count(shape), 0.5));
    return file;
}

std::string bind_error(const WeightFile& file, bool ignore_se = false) {
    return error_of([&] { bind_weights(network(), file, ignore_se); });
}

}  // namespace

TEST_CASE("a complete file binds, with num_batches_tracked ignored") {
    WeightFile file = complete();
    file.others["bn1.num_batches_tracked"] = "I64";
    CHECK(bind_error(file) == "");
    CHECK(bind_weights(network(), file).constants.size() == 5);
}

TEST_CASE("a missing tensor is named with its shape, and how many more there are") {
    WeightFile file = complete();
    file.tensors.erase("conv1.weight");
    CHECK(bind_error(file) ==
          "w.safetensors: tensor conv1.weight [3,2,1,1] is missing, which net needs; is the file another network's?");
    file.tensors.erase("bn1.bias");
    CHECK(
        bind_error(file) ==
        "w.safetensors: tensor bn1.bias [3] (and 1 more) is missing, which net needs; is the file another network's?");
}

TEST_CASE("an extra tensor is named, whatever its type") {
    WeightFile file = complete();
    file.tensors["fc.bias"] = Tensor({1}, {0});
    CHECK(bind_error(file) == "w.safetensors: net has no place for tensor fc.bias; is the file another network's?");
    file.others["steps"] = "I64";
    CHECK(bind_error(file) ==
          "w.safetensors: net has no place for tensor fc.bias (and 1 more); is the file another network's?");
}

TEST_CASE("SE tensors are extra unless the network is plain") {
    WeightFile file = complete();
    file.tensors["layer1.0.se.fc.0.weight"] = Tensor({1}, {0});
    CHECK(bind_error(file) ==
          "w.safetensors: net has no place for tensor layer1.0.se.fc.0.weight; is the file another network's?");
    CHECK(bind_error(file, true) == "");
}

TEST_CASE("a misshapen tensor is named with both shapes") {
    WeightFile file = complete();
    file.tensors["bn1.weight"] = Tensor({4}, {1, 1, 1, 1});
    CHECK(bind_error(file) ==
          "w.safetensors: tensor bn1.weight has shape [4] where net needs [3]; do --classes and --reduction fit the "
          "file?");
}

TEST_CASE("a mistyped tensor is named with its type") {
    WeightFile file = complete();
    file.tensors.erase("bn1.weight");
    file.others["bn1.weight"] = "I64";
    CHECK(bind_error(file) == "w.safetensors: tensor bn1.weight has dtype I64 where F32, F16, BF16 or F64 is needed");
}

TEST_CASE("the first value that isn't finite is named") {
    WeightFile file = complete();
    file.tensors["conv1.weight"] = Tensor({3, 2, 1, 1}, {1, 2, 3, NAN, 5, 6});
    CHECK(bind_error(file) ==
          "w.safetensors: tensor conv1.weight has the value nan at index 3; every weight must be finite");
    file.tensors["conv1.weight"] = Tensor({3, 2, 1, 1}, {-INFINITY, 2, 3, 4, 5, 6});
    CHECK(bind_error(file) ==
          "w.safetensors: tensor conv1.weight has the value -inf at index 0; every weight must be finite");
}

TEST_CASE("a negative variance is refused") {
    WeightFile file = complete();
    file.tensors["bn1.running_var"] = Tensor({3}, {0, 1, -2});
    CHECK(bind_error(file) ==
          "w.safetensors: tensor bn1.running_var has the value -2 at index 2; a variance can't be negative");
}

TEST_CASE("statistics that don't fit the network are named") {
    CHECK(error_of([] {
              bind_formula_weights(network(), {{"bn1.running_var", Tensor({2}, {1, 1})}});
          }) == "the statistics' tensor bn1.running_var has shape [2] where [3] is needed");
}
