#include "models/weights/safetensors.h"

#include "models/weights/safetensors_writer.h"
#include "support.h"

using namespace senetc;

namespace {

WeightFile read_bytes(const std::string& bytes) {
    TemporaryFile file("read.safetensors", bytes);
    return read_safetensors(file.path());
}

// One tensor "t" of `dtype`, whose data begins `shift` bytes after an 8-byte boundary of the file.
std::string one_tensor(const std::string& dtype, const std::string& shape, const std::string& data, size_t shift = 0) {
    std::string header = R"({"t":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":[0,)" +
                         std::to_string(data.size()) + "]}}";
    header.resize((header.size() + 7) / 8 * 8 + shift, ' ');
    return safetensors_bytes(header, data);
}

}  // namespace

TEST_CASE("what is written reads back") {
    TemporaryFile file("written.safetensors");
    write_safetensors(file.path(), {{"b", {{2, 3}, {1, 2, 3, 4, 5, 6}}}, {"a", {{}, {-0.5f}}}, {"none", {{0, 4}, {}}}});
    WeightFile read = read_safetensors(file.path());
    CHECK(read.tensors.size() == 3);
    CHECK(read.tensors.at("a").shape() == Shape{});
    CHECK(read.tensors.at("a").to_floats() == std::vector<float>{-0.5f});
    CHECK(read.tensors.at("b").shape() == Shape{2, 3});
    CHECK(read.tensors.at("b").to_doubles() == std::vector<double>{1, 2, 3, 4, 5, 6});
    CHECK(read.tensors.at("none").size() == 0);
    CHECK(read.notes.empty());
}

TEST_CASE("a file that can't be written leaves nothing behind") {
    std::string folder = std::filesystem::temp_directory_path() / "senetc-no-such-folder";
    CHECK(error_of([&] { write_safetensors(folder + "/x.safetensors", {}); }) ==
          folder + "/x.safetensors: can't be written: No such file or directory");
    CHECK(!std::filesystem::exists(folder));
}

TEST_CASE("float tensors are views of the file where they are aligned, and copies where not, with the same values") {
    std::string data = bytes_of<float>({1.5f, -2.25f, 3e-20f});
    for (size_t shift : {0, 1, 2, 3, 4}) {
        CAPTURE(shift);
        CHECK(read_bytes(one_tensor("F32", "[3]", data, shift)).tensors.at("t").to_floats() ==
              std::vector<float>{1.5f, -2.25f, 3e-20f});
    }
}

TEST_CASE("tensors outlive the file's name and the WeightFile") {
    Tensor tensor = read_bytes(one_tensor("F32", "[2]", bytes_of<float>({7, 8}))).tensors.at("t");
    CHECK(tensor.to_floats() == std::vector<float>{7, 8});
}

TEST_CASE("F16 is widened exactly: normal, subnormal, largest, negative zero") {
    std::string data = bytes_of<uint16_t>({0x3C00, 0xC000, 0x0001, 0x03FF, 0x7BFF, 0x8000, 0x3555});
    auto values = read_bytes(one_tensor("F16", "[7]", data)).tensors.at("t").to_floats();
    CHECK(values == std::vector<float>{1, -2, 0x1p-24f, 0x3FFp-24f, 65504, 0, 0x1.554p-2f});
    CHECK(std::signbit(values[5]));
    auto special = read_bytes(one_tensor("F16", "[3]", bytes_of<uint16_t>({0x7C00, 0xFC00, 0x7E00}))).tensors.at("t");
    CHECK(special[0] == INFINITY);
    CHECK(special[1] == -INFINITY);
    CHECK(std::isnan(special[2]));
}

TEST_CASE("BF16 is widened exactly and F64 rounded to the nearest float") {
    CHECK(read_bytes(one_tensor("BF16", "[3]", bytes_of<uint16_t>({0x3F80, 0xC049, 0x0001})))
              .tensors.at("t")
              .to_floats() == std::vector<float>{1, -3.140625f, 0x1p-133f});
    CHECK(read_bytes(one_tensor("F64", "[2]", bytes_of<double>({0.1, -1e300}))).tensors.at("t").to_floats() ==
          std::vector<float>{0.1f, -INFINITY});
}

TEST_CASE("tensors of other types are listed with their type") {
    WeightFile file = read_bytes(one_tensor("I64", "[]", std::string(8, '\1')));
    CHECK(file.tensors.empty());
    CHECK(file.others == std::map<std::string, std::string>{{"t", "I64"}});
}

TEST_CASE("metadata is skipped and tensors may be listed in any order") {
    WeightFile file = read_bytes(
        safetensors_bytes(R"({"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"__metadata__":{"format":"pt"},)"
                          R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                          bytes_of<float>({1, 2})));
    CHECK(file.tensors.at("a")[0] == 1);
    CHECK(file.tensors.at("b")[0] == 2);
    CHECK(file.tensors.size() == 2);
}

TEST_CASE("'module.' is dropped, with a note, only when it is before every name") {
    auto two = [](const std::string& a, const std::string& b) {
        return read_bytes(safetensors_bytes("{\"" + a + R"(":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},")" + b +
                                                R"(":{"dtype":"I64","shape":[],"data_offsets":[4,12]}})",
                                            std::string(12, '\0')));
    };
    WeightFile wrapped = two("module.fc.bias", "module.bn.num_batches_tracked");
    CHECK(wrapped.tensors.contains("fc.bias"));
    CHECK(wrapped.others.contains("bn.num_batches_tracked"));
    CHECK(wrapped.notes == std::vector<std::string>{"dropped 'module.' before every tensor's name"});
    WeightFile partly = two("module.fc.bias", "fc.weight");
    CHECK(partly.tensors.contains("module.fc.bias"));
    CHECK(partly.notes.empty());
}
