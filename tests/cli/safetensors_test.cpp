#include <doctest/doctest.h>

#include "runtime/cli/error.h"
#include "runtime/cli/tensors/safetensors.h"
#include "tests/runtime/support/files.h"

using namespace senet::cli;

namespace {

std::string with_header(const std::string& header, const std::string& data) {
    std::string bytes;
    for (int i = 0; i < 8; i++) bytes += char(header.size() >> 8 * i & 0xff);
    return bytes + header + data;
}

std::string refusal(const std::string& bytes) {
    const senetc::TemporaryFolder folder;
    const std::string path = folder / "x";
    senetc::write_file(path, bytes);
    try {
        const TensorReader reader(path);
        return "";
    } catch (const Error& error) {
        const std::string sentence = error.what();
        const std::string subject = "'" + path + "' ";
        return sentence.starts_with(subject) ? sentence.substr(subject.size()) : sentence;
    }
}

const std::string eight(8, '\0');

}  // namespace

TEST_CASE("what is written, in any order, is read back, also in pieces") {
    const senetc::TemporaryFolder folder;
    OutputFile file(folder / "x");
    TensorWriter writer(file, {{"logits", {2, 3}}});
    const float values[] = {1, 2, 3, 4, 5, 6};
    writer.write(0, 3, values + 3, 3);
    writer.write(0, 0, values, 3);
    file.commit();
    const TensorReader reader(folder / "x");
    CHECK(reader.tensor().name == "logits");
    CHECK(reader.tensor().shape == std::vector<uint64_t>{2, 3});
    float read[4];
    reader.read(2, 4, read);
    CHECK(std::vector<float>(read, read + 4) == std::vector<float>{3, 4, 5, 6});
}

TEST_CASE("several tensors lie one after the other, each aligned") {
    const senetc::TemporaryFolder folder;
    OutputFile file(folder / "x");
    TensorWriter writer(file, {{"a", {1}}, {"b", {2, 1}}});
    const float values[] = {1, 2, 3};
    writer.write(0, 0, values, 1);
    writer.write(1, 0, values + 1, 2);
    file.commit();
    const std::string bytes = senetc::read_file(folder / "x");
    const std::string header = R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                               R"("b":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]}})";
    const size_t padded = (header.size() + 7) / 8 * 8;
    CHECK(bytes == with_header(header + std::string(padded - header.size(), ' '),
                               std::string(reinterpret_cast<const char*>(values), sizeof(values))));
}

TEST_CASE("metadata is passed over") {
    CHECK(refusal(with_header(R"({"__metadata__":{"a":"b"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                              eight)) == "");
}

TEST_CASE("a file that is not one whole F32 tensor is refused in a sentence") {
    CHECK(refusal("") == "is no safetensors file: it is shorter than 8 bytes");
    CHECK(refusal(std::string(8, '\xff')) == "is no safetensors file, or truncated: its header's length doesn't fit");
    CHECK(refusal(with_header("[1]", "")) == "is no safetensors file: its header isn't JSON");
    CHECK(refusal(with_header(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8e96]}})", eight)) ==
          "is damaged: the header's entry for 'x' has no proper dtype, shape and data_offsets");
    CHECK(refusal(with_header("{}", "")) == "holds 0 tensors; --tensors takes a file with exactly one");
    CHECK(refusal(with_header(R"({"x":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}})", eight)) ==
          "holds 'x' as \"F16\"; convert it to F32");
    CHECK(refusal(with_header(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", eight.substr(1))) ==
          "is damaged or truncated: 'x' should be 8 bytes, and 7 follow the header");
    CHECK(refusal(with_header(R"({"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", eight)) ==
          "is damaged or truncated: 'x' should be 12 bytes, and 8 follow the header");
    const std::string improper = "is damaged: the header's entry for 'x' has no proper dtype, shape and data_offsets";
    CHECK(refusal(with_header(R"({"x":{"shape":[2],"data_offsets":[0,8]}})", eight)) == improper);
    CHECK(refusal(with_header(R"({"x":7})", eight)) == improper);
    CHECK(refusal(with_header(R"({"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}})",
                              eight)) != "");
}
