// `senet run --tensors`, `senet bench` and `senet info`.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "runtime/cli/tensors/safetensors.h"
#include "tests/cli/support/program.h"

using namespace senet::cli;

namespace {

void write_tensor(const std::string& path, const std::vector<uint64_t>& shape, const std::vector<float>& values) {
    OutputFile file(path);
    TensorWriter writer(file, {{"images", shape}});
    writer.write(0, 0, values.data(), values.size());
    file.commit();
}

// Five images: channel c of image n is n + c / 4, everywhere.
std::vector<float> five_images() {
    std::vector<float> values;
    for (int i = 0; i < 5 * 48; i++) values.push_back(float(i / 48) + float(i % 48 / 16) / 4);
    return values;
}

struct Tensor {
    std::vector<uint64_t> shape;
    std::vector<float> values;
};

// Read without the program's own reader, so that it can't hide the writer's mistakes.
std::map<std::string, Tensor> read_tensors(const std::string& path) {
    const std::string bytes = senetc::read_file(path);
    uint64_t length = 0;
    for (int i = 7; i >= 0; i--) length = length << 8 | uint8_t(bytes.at(size_t(i)));
    std::map<std::string, Tensor> tensors;
    const nlohmann::json header = nlohmann::json::parse(bytes.substr(8, length));
    for (const auto& [name, entry] : header.items()) {
        const uint64_t begin = entry["data_offsets"][0], end = entry["data_offsets"][1];
        Tensor tensor{entry["shape"], std::vector<float>((end - begin) / 4)};
        const std::string data = bytes.substr(8 + length + begin, end - begin);
        std::copy(data.begin(), data.end(), reinterpret_cast<char*>(tensor.values.data()));
        tensors[name] = tensor;
    }
    return tensors;
}

}  // namespace

TEST_CASE("--tensors writes the logits of any number of images, --stages every named stage's output") {
    const senetc::TemporaryFolder folder;
    const std::string library = colours_library(folder);
    write_tensor(folder / "in", {5, 3, 4, 4}, five_images());
    for (const char* batch : {"1", "2", "8"}) {
        const Outcome outcome = senet_program(
            {"run", library, "--tensors", folder / "in", "--output", folder / "out", "--batch", batch, "--stages"});
        CHECK(outcome.errors == "");
        REQUIRE(outcome.status == 0);
        const auto tensors = read_tensors(folder / "out");
        REQUIRE(tensors.size() == 3);
        CHECK(tensors.at("pixels").shape == std::vector<uint64_t>{5, 3, 4, 4});
        CHECK(tensors.at("pixels").values == five_images());
        CHECK(tensors.at("logits").shape == std::vector<uint64_t>{5, 3});
        CHECK(tensors.at("means").shape == std::vector<uint64_t>{5, 3});
        CHECK(tensors.at("means").values == tensors.at("logits").values);
        for (int n = 0; n < 5; n++) {
            for (int c = 0; c < 3; c++)
                CHECK(tensors.at("logits").values[size_t(3 * n + c)] == 10 * float(n) + 2.5f * float(c));
        }
    }
}

TEST_CASE("--tensors refuses what the network can't take, and writes nothing") {
    const senetc::TemporaryFolder folder;
    const std::string library = colours_library(folder);
    write_tensor(folder / "in", {5, 4, 3, 4}, five_images());
    const Outcome shape = senet_program({"run", library, "--tensors", folder / "in", "--output", folder / "out"});
    CHECK(shape.status == 2);
    CHECK(shape.errors ==
          "senet: '" + (folder / "in") + "' holds 'images' of shape [5, 4, 3, 4]; the network takes [N, 3, 4, 4]\n");
    CHECK_THROWS(senetc::read_file(folder / "out"));
    CHECK(senet_program({"run", library, "--tensors", folder / "in"}).status == 2);
    CHECK(senet_program({"run", library, "x.png", "--tensors", folder / "in", "--output", folder / "out"}).status == 2);
}

TEST_CASE("bench prints the time per image and, asked for, a table of steps") {
    const senetc::TemporaryFolder folder;
    const std::string library = colours_library(folder);
    const Outcome outcome =
        senet_program({"bench", library, "--variant", "slow", "--seconds", "0.1", "--batch", "2", "--profile"});
    CHECK(outcome.status == 0);
    CHECK(outcome.output.starts_with("colours, variant slow, batch 2, "));
    CHECK(outcome.output.find("least 20.") != std::string::npos);
    CHECK(outcome.output.find("\nmeans ") != std::string::npos);
    CHECK(outcome.output.find("measured peak") != std::string::npos);
    CHECK(outcome.output.find("\nsum ") != std::string::npos);
}

TEST_CASE("info shows a library's network and which variants run here, as text and as JSON") {
    const senetc::TemporaryFolder folder;
    const std::string library = colours_library(folder);
    const Outcome text = senet_program({"info", library});
    CHECK(text.status == 0);
    CHECK(text.output.find("the dominant colour") != std::string::npos);
    CHECK(text.output.find("made by      by hand --by hand\n") != std::string::npos);
    CHECK(text.output.find("build id     0123456789abcdeffedcba9876543210\n") != std::string::npos);
    CHECK(text.output.find("* plain") != std::string::npos);
    CHECK(text.output.find("future, 1 steps, schedules: 1 hand, 2 unknown; not here: ") != std::string::npos);
    const auto json = nlohmann::json::parse(senet_program({"info", library, "--json"}).output);
    CHECK(json["name"] == "colours");
    CHECK(json["input"]["height"] == 4);
    CHECK(json["labels"][1] == "green");
    CHECK(json["variants"][0]["runs_here"] == false);
    CHECK(json["variants"][1]["chosen"] == true);
    CHECK(json["producer"] == "by hand");
    CHECK(json["flags"] == "--by hand");
    CHECK(json["build_id"] == "0123456789abcdeffedcba9876543210");
    CHECK(json["weights_bytes"] == 128);
    CHECK(json["weights_hash"] == "00000000012345670000000089abcdef");
    const auto moved = json["variants"][1]["moved_bytes"];
    CHECK(moved["maps_written"] == 256);
    CHECK(moved["maps_read"] == 256);
    CHECK(moved["vectors"] == 12);
    CHECK(json["arena_bytes"]["8"] > json["arena_bytes"]["1"]);
}

TEST_CASE("a damaged library is refused by every command") {
    const senetc::TemporaryFolder folder;
    std::string bytes = senetc::read_file(colours_library(folder));
    bytes[bytes.size() / 2] ^= 1;
    senetc::write_file(folder / "damaged.so", bytes);
    for (const char* command : {"run", "bench", "info"}) {
        std::vector<std::string> arguments = {command, folder / "damaged.so"};
        if (std::string(command) == "run") arguments.push_back("x.png");
        const Outcome outcome = senet_program(arguments);
        CHECK(outcome.status == 2);
        CHECK(outcome.errors.find("damaged") != std::string::npos);
    }
}

TEST_CASE("a full disk under standard output is an error") {
    const senetc::TemporaryFolder folder;
    const std::string library = colours_library(folder);
    senetc::write_file(folder / "x.png", "");
    const std::vector<std::vector<std::string>> commands = {{"--version"},
                                                            {"info", library},
                                                            {"run", library, folder / "x.png"},
                                                            {"run", library, folder / "x.png", "--output", "-"}};
    for (const auto& command : commands) {
        const Outcome outcome = Program(command, "", "/dev/full").wait();
        CHECK(outcome.status == 2);
        CHECK(outcome.errors.find("standard output") != std::string::npos);
    }
}
