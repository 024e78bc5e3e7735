#include "tests/runtime/support/files.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "runtime/core/hash.h"
#include "tests/runtime/toy/toy.h"

namespace senetc {

TemporaryFolder::TemporaryFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "senet-test-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = path;
}

TemporaryFolder::~TemporaryFolder() {
    std::filesystem::remove_all(path_);
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("can't read " + path);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

void write_file(const std::string& path, const std::string& bytes) {
    std::ofstream file(path, std::ios::binary);
    file << bytes;
    if (!file.flush()) throw std::runtime_error("can't write " + path);
}

senet_trailer_v1_t trailer_of(const std::string& contents, const char* magic, const std::string& model) {
    senet_trailer_v1_t trailer{};
    memcpy(trailer.magic, magic, sizeof(trailer.magic));
    trailer.abi_version = SENET_MODEL_ABI_VERSION;
    trailer.trailer_bytes = sizeof(trailer);
    trailer.length = contents.size();
    const senet::Hash hash = senet::hash_bytes(contents.data(), contents.size());
    trailer.hash[0] = hash.low;
    trailer.hash[1] = hash.high;
    model.copy(trailer.model, sizeof(trailer.model));
    return trailer;
}

std::string with_trailer(const std::string& contents, const senet_trailer_v1_t& trailer) {
    return contents + std::string(reinterpret_cast<const char*>(&trailer), sizeof(trailer));
}

namespace {

std::string library_at(const char* path) {
    const std::string contents = read_file(path);
    return with_trailer(contents, trailer_of(contents, SENET_MAGIC_LIBRARY, "toy"));
}

}  // namespace

std::string toy_library() {
    return library_at(TOY_LIBRARY);
}
std::string toy_beside_library() {
    return library_at(TOY_BESIDE_LIBRARY);
}

std::string toy_weights_file() {
    const std::string contents(reinterpret_cast<const char*>(toy::weights()),
                               sizeof(float) * (toy::kConvWeights + toy::kDenseWeights));
    return with_trailer(contents, trailer_of(contents, SENET_MAGIC_WEIGHTS, "toy"));
}

}  // namespace senetc
