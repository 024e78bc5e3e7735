// A small file, cut and changed at every byte: each is refused with an Error or read within its bounds. Run it with
// SENETC_SANITIZE=address,undefined to see reads outside of the file.
#include "models/weights/safetensors.h"
#include "support.h"

using namespace senetc;

namespace {

std::string valid() {
    return safetensors_bytes(
        R"({"__metadata__":{"format":"pt"},"m.a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
        R"("m.h":{"dtype":"F16","shape":[3],"data_offsets":[8,14]},)"
        R"("m.n":{"dtype":"I64","shape":[],"data_offsets":[14,22]}}   )",
        std::string(22, '\x3c'));
}

// Whether the bytes are a file that reads; reads every value of it.
bool reads(const TemporaryFile& file, const std::string& bytes) {
    file.write(bytes);
    try {
        for (const auto& [name, tensor] : read_safetensors(file.path()).tensors) {
            auto values = tensor.to_doubles();
            REQUIRE(static_cast<int64_t>(values.size()) == tensor.size());
        }
        return true;
    } catch (const Error& error) {
        REQUIRE(std::string(error.what()).size() > file.path().size() + 2);
        return false;
    }
}

}  // namespace

TEST_CASE("a file cut anywhere is refused") {
    TemporaryFile file("cut.safetensors");
    REQUIRE(reads(file, valid()));
    for (size_t length = 0; length < valid().size(); length++) CHECK_FALSE(reads(file, valid().substr(0, length)));
}

TEST_CASE("a file with any byte changed is refused or read, never more") {
    TemporaryFile file("changed.safetensors");
    int read = 0, refused = 0;
    for (size_t at = 0; at < valid().size(); at++) {
        for (char byte : {'\0', '\x01', '"', '-', '0', '9', '[', ']', '{', ',', '\x7f', '\xff'}) {
            std::string bytes = valid();
            bytes[at] = byte;
            (reads(file, bytes) ? read : refused)++;
        }
    }
    CHECK(read > 0);
    CHECK(refused > read);
}
