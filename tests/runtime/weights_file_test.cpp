// Weights that lie beside their library.
#include <doctest/doctest.h>

#include "senet/senet.h"
#include "tests/runtime/support/files.h"
#include "tests/runtime/support/handles.h"

using namespace senetc;

namespace {

struct Opened {
    Model model;
    senet_status status;
    std::string message;
};

Opened open_model(const std::string& path, const char* weights_path = nullptr) {
    senet_model_options options{};
    options.weights_path = weights_path;
    senet_model* model = nullptr;
    const senet_status status = senet_model_open(path.c_str(), &options, &model);
    return {Model(model), status, senet_last_message()};
}

bool contains(const std::string& text, const char* words) {
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("weights are found in the library's folder, or where the caller says") {
    TemporaryFolder folder, elsewhere;
    write_file(folder / "libtoy.so", toy_beside_library());
    write_file(elsewhere / "w", toy_weights_file());
    const Opened missing = open_model(folder / "libtoy.so");
    CHECK(missing.status == SENET_NOT_FOUND);
    CHECK(contains(missing.message, "toy.weights"));
    CHECK(open_model(folder / "libtoy.so", (elsewhere / "w").c_str()).status == SENET_OK);
    write_file(folder / "toy.weights", toy_weights_file());
    CHECK(open_model(folder / "libtoy.so").status == SENET_OK);
}

TEST_CASE("weights of another build are refused") {
    TemporaryFolder folder;
    write_file(folder / "libtoy.so", toy_beside_library());
    std::string contents = toy_weights_file().substr(0, toy_weights_file().size() - sizeof(senet_trailer_v1_t));
    contents[5] = static_cast<char>(contents[5] ^ 1);
    write_file(folder / "toy.weights", with_trailer(contents, trailer_of(contents, SENET_MAGIC_WEIGHTS, "toy")));
    const Opened other = open_model(folder / "libtoy.so");
    CHECK(other.status == SENET_BAD_FILE);
    CHECK(contains(other.message, "weights of another build"));
}

TEST_CASE("damaged, truncated and foreign weights are refused") {
    TemporaryFolder folder;
    write_file(folder / "libtoy.so", toy_beside_library());
    std::string damaged = toy_weights_file();
    damaged[7] = static_cast<char>(damaged[7] ^ 1);
    write_file(folder / "toy.weights", damaged);
    CHECK(contains(open_model(folder / "libtoy.so").message, "is damaged"));
    write_file(folder / "toy.weights", toy_weights_file().substr(9));
    CHECK(contains(open_model(folder / "libtoy.so").message, "is truncated"));
    write_file(folder / "toy.weights", toy_weights_file().substr(0, 999));
    CHECK(contains(open_model(folder / "libtoy.so").message, "or a truncated one"));
    write_file(folder / "toy.weights", toy_library());
    CHECK(contains(open_model(folder / "libtoy.so").message,
                   "is a senet library, where a senet weights file is expected"));
}

TEST_CASE("a path of weights for a library that holds its own is a mistake") {
    TemporaryFolder folder;
    write_file(folder / "libtoy.so", toy_library());
    CHECK(open_model(folder / "libtoy.so", "w").status == SENET_INVALID_ARGUMENT);
}
