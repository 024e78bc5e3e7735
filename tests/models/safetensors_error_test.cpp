#include "models/weights/safetensors.h"
#include "support.h"

using namespace senetc;

namespace {

// The error's sentence after "PATH: ".
std::string read_error(const std::string& bytes) {
    TemporaryFile file("bad.safetensors", bytes);
    std::string error = error_of([&] { read_safetensors(file.path()); });
    REQUIRE(error.starts_with(file.path() + ": "));
    return error.substr(file.path().size() + 2);
}

std::string entry_error(const std::string& entry, const std::string& data = std::string(8, '\0')) {
    return read_error(safetensors_bytes("{\"t\":" + entry + "}", data));
}

std::string length_bytes(uint64_t length) {
    return {reinterpret_cast<const char*>(&length), sizeof length};
}

}  // namespace

TEST_CASE("a missing file, a folder and an empty file are named") {
    CHECK(error_of([] { read_safetensors("/no/such/file"); }) ==
          "/no/such/file: can't be opened: No such file or directory");
    CHECK(error_of([] { read_safetensors("/tmp"); }) == "/tmp: is not a file");
    CHECK(read_error("") == "is empty");
}

TEST_CASE("files of other formats are recognised") {
    CHECK(read_error("PK\x03\x04 and more") ==
          "looks like a PyTorch .pth; docs/weights.md shows how to write safetensors");
    CHECK(read_error("\x80\x02}q\x01 and more") ==
          "looks like a PyTorch .pth; docs/weights.md shows how to write safetensors");
    CHECK(read_error("\x89HDF\r\n\x1a\n") ==
          "is an HDF5 file, not safetensors; docs/weights.md shows how to write one");
    CHECK(read_error("version https://git-lfs.github.com/spec/v1") ==
          "is a Git LFS pointer, not the weights themselves; run 'git lfs pull' where it comes from");
}

TEST_CASE("a header that can't be is refused before it is read") {
    CHECK(read_error("short") == "is not a safetensors file: it has fewer than 8 bytes");
    CHECK(read_error(length_bytes(UINT64_MAX) + "{}") ==
          "is not a safetensors file: its header would have 18446744073709551615 bytes, above the limit of "
          "16777216");
    CHECK(read_error(length_bytes(1000) + "{}") ==
          "is truncated or not a safetensors file: its header ends at byte 1008 and the file at 10");
    CHECK(read_error(safetensors_bytes(R"({"a":{"shape":[[[]]]}})")) ==
          "is not a safetensors file: its header is nested too deep");
    for (const char* header : {"{", "[]", "nonsense", "{\"a\":\"\xff\"}", ""})
        CHECK(read_error(safetensors_bytes(header)) == "is not a safetensors file: its header isn't a JSON object");
    CHECK(read_error(safetensors_bytes(R"({"a":1,"a":2})")) == "names tensor a twice");
}

TEST_CASE("a tensor's fields must be there and fit each other") {
    CHECK(entry_error("1") == "is damaged: tensor t has not the fields dtype, shape and data_offsets");
    CHECK(entry_error(R"({"dtype":"F32","shape":[2]})") ==
          "is damaged: tensor t has not the fields dtype, shape and data_offsets");
    CHECK(entry_error(R"({"dtype":"F31","shape":[2],"data_offsets":[0,8]})") ==
          "is damaged: tensor t has the unknown dtype 'F31'");
    CHECK(entry_error(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})") ==
          "is damaged: tensor t has a size that isn't a whole number");
    CHECK(entry_error(R"({"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})") ==
          "is damaged: tensor t has a size that isn't a whole number");
    CHECK(entry_error(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})") ==
          "is damaged: tensor t has data_offsets [0,8] where F32 of shape [3] takes 12 bytes");
    CHECK(entry_error(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})") ==
          "is damaged: tensor t has data_offsets [8,0] where F32 of shape [2] takes 8 bytes");
    for (const char* shape : {"[4294967296,4294967296]", "[18446744073709551615]", "[9223372036854775807,0]"})
        CHECK(entry_error(std::string(R"({"dtype":"F32","shape":)") + shape + R"(,"data_offsets":[0,8]})") ==
              "is damaged: tensor t has a shape too large for any file");
}

TEST_CASE("tensors must cover the data: no hole, no overlap, nothing beyond the end") {
    auto two = [](const std::string& a, const std::string& b, size_t bytes) {
        return read_error(safetensors_bytes(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":)" + a +
                                                R"(},"b":{"dtype":"F32","shape":[1],"data_offsets":)" + b + "}}",
                                            std::string(bytes, '\0')));
    };
    CHECK(two("[0,4]", "[8,12]", 12) == "is damaged: tensor b begins at byte 8 of the data where 4 is next");
    CHECK(two("[0,4]", "[2,6]", 6) == "is damaged: tensor b begins at byte 2 of the data where 4 is next");
    CHECK(two("[0,4]", "[4,8]", 7) == "is truncated: tensor b ends at byte 8 of the data, which has 7");
    CHECK(two("[0,4]", "[4,8]", 11) == "is damaged: 3 bytes at its end belong to no tensor");
}
