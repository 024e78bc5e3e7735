// A package read back from its files says what its plan said; anything else costs a sentence.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstring>

#include "generators/inspect/inspect.h"
#include "models/error.h"
#include "tests/compiler/package_fixture.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace senetc::test {
namespace {

using inspect::Library;
using inspect::read_library;

void check_step(const PlanStep& read, const PlanStep& plan) {
    CHECK(read.name == plan.name);
    CHECK(read.kernel == plan.kernel);
    CHECK(read.schedule == plan.schedule);
    CHECK(read.schedule_source == plan.schedule_source);
    CHECK(read.stage == plan.stage);
    CHECK(read.entry + "_argv" == plan.entry);
    CHECK(read.args == plan.args);
    CHECK(read.outputs == plan.outputs);
    CHECK(read.halo == plan.halo);
    CHECK(read.interior_width == plan.interior_width);
    CHECK(read.interior_height == plan.interior_height);
    CHECK(read.channels == plan.channels);
    CHECK(read.height == plan.height);
    CHECK(read.width == plan.width);
    CHECK(read.flops == plan.flops);
    CHECK(read.bytes == plan.bytes);
    REQUIRE(read.gpu_code.size() == plan.gpu_code.size());
    for (size_t i = 0; i < read.gpu_code.size(); ++i) {
        CHECK(read.gpu_code[i].capability == plan.gpu_code[i].capability);
        CHECK(read.gpu_code[i].cubin == plan.gpu_code[i].cubin);
    }
}

void check_variant(const PlanVariant& read, const PlanVariant& plan) {
    CHECK(read.name == plan.name);
    CHECK(read.cpu_features == plan.cpu_features);
    REQUIRE(read.buffers.size() == plan.buffers.size());
    CHECK(std::memcmp(read.buffers.data(), plan.buffers.data(), plan.buffers.size() * sizeof plan.buffers[0]) == 0);
    REQUIRE(read.steps.size() == plan.steps.size());
    for (size_t i = 0; i < plan.steps.size(); i++) check_step(read.steps[i], plan.steps[i]);
    for (int i : {0, 1}) check_step(read.ingest[i], plan.ingest[i]);
    CHECK(read.logits == plan.logits);
    CHECK(read.arena_bytes == plan.arena_bytes);
    CHECK(read.scratch_bytes == plan.scratch_bytes);
}

void check_plan(const Plan& read, const Plan& plan) {
    CHECK(read.name == plan.name);
    CHECK(read.producer == plan.producer);
    CHECK(read.description == plan.description);
    CHECK(read.channels == plan.channels);
    CHECK(read.height == plan.height);
    CHECK(read.width == plan.width);
    CHECK(read.classes == plan.classes);
    CHECK(std::memcmp(&read.preprocess, &plan.preprocess, sizeof plan.preprocess) == 0);
    CHECK(read.labels == plan.labels);
    CHECK(read.graph == plan.graph);
    CHECK(read.flags == plan.flags);
    REQUIRE(read.variants.size() == plan.variants.size());
    for (size_t i = 0; i < plan.variants.size(); i++) check_variant(read.variants[i], plan.variants[i]);
}

std::string error_of(const std::filesystem::path& file) {
    try {
        read_library(file);
    } catch (const Error& error) {
        CHECK(std::string(error.what()).find('\n') == std::string::npos);
        CHECK(std::string(error.what()).starts_with(file.string() + ": "));
        return error.what();
    }
    return "";
}

// Another trailer, for what is before it now.
std::string with_trailer(const std::string& bytes) {
    senet_trailer_v1_t trailer{};
    std::memcpy(trailer.magic, SENET_MAGIC_LIBRARY, sizeof trailer.magic);
    trailer.length = bytes.size();
    return bytes + std::string(reinterpret_cast<const char*>(&trailer), sizeof trailer);
}

}  // namespace

TEST_CASE("a library's file says what its plan said, and so does its archive") {
    const TestFolder folder;
    const PackageInput input = make_input(folder, "mirror", 100'000);
    write_package(input);
    for (const char* file : {"dist/libmirror.so", "dist/libmirror.a"}) {
        const Library library = read_library(folder / file);
        check_plan(library.plan, input.plan);
        CHECK(library.target == "x86-64");
        CHECK(library.weights_bytes == 100'000);
        CHECK(library.weights_file == "");
        const std::string weights = read(input.weights);
        const XXH128_hash_t hash = XXH3_128bits(weights.data(), weights.size());
        CHECK(library.weights_hash == fmt::format("{:016x}{:016x}", hash.high64, hash.low64));
        CHECK(library.kernels.size() == 2);
        for (const auto& [name, kernel] : library.kernels) {
            CHECK(name.starts_with("package_"));
            CHECK(kernel.bytes() > 0);
        }
    }
    CHECK(read_library(folder / "dist/libmirror.so").build_id == read_library(folder / "dist/libmirror.a").build_id);
}

TEST_CASE("a library with its weights beside names their file") {
    const TestFolder folder;
    PackageInput input = make_input(folder, "beside");
    input.weights_beside = true;
    write_package(input);
    CHECK(read_library(folder / "dist/libbeside.so").weights_file == "beside.weights");
}

TEST_CASE("what is no library of senetc's, or a damaged one, costs one sentence that says which") {
    const TestFolder folder;
    write_package(make_input(folder, "good"));
    const std::string good = read(folder / "dist/libgood.so"), archive = read(folder / "dist/libgood.a");
    const auto refused = [&](const std::string& file, const std::string& bytes, const char* sentence) {
        write(folder / file, bytes);
        const std::string error = error_of(folder / file);
        CHECK_MESSAGE(error.find(sentence) != std::string::npos, error);
    };
    CHECK(error_of(folder / "nowhere.so").find("no such file") != std::string::npos);
    CHECK(error_of(folder.path()).find("no such file") != std::string::npos);
    refused("empty.so", "", "empty");
    refused("text.so", "a text, and a long one at that", "neither a shared library nor an archive");
    refused("half.so", good.substr(0, good.size() / 2), "truncated");
    refused("longer.so", good + "x", "trailer");
    refused("cut.so", good.substr(100), "neither");
    refused("nothing.so", with_trailer(good.substr(0, 64)), "");
    refused("header.so", with_trailer(good.substr(0, 4096)), "build it again");
    refused("half.a", archive.substr(0, archive.size() / 2), "");
    refused("none.a", "!<arch>\n", "");
}

TEST_CASE("a library stripped of its symbols is refused with the reason") {
    const TestFolder folder;
    write_package(make_input(folder, "bare"));
    const std::string stripped = folder / "stripped.so", library = folder / "dist/libbare.so";
    REQUIRE(shell(fmt::format("'{}' -o '{}' '{}'", STRIP, stripped, library)).status == 0);
    CHECK(error_of(stripped).find("stripped") != std::string::npos);
    write(stripped, with_trailer(read(stripped)));
    CHECK(error_of(stripped).find("stripped of its symbols") != std::string::npos);
}

TEST_CASE("another library is refused, even with a trailer") {
    const TestFolder folder;
    write(folder / "toy.so", with_trailer(read(TOY_LIBRARY)));
    CHECK(error_of(folder / "toy.so").find("it isn't senetc's") != std::string::npos);
}

TEST_CASE("no damaged byte of a library's tables crashes the reader") {
    const TestFolder folder;
    write_package(make_input(folder, "fuzzed", 64));
    const std::string good = read(folder / "dist/libfuzzed.so");
    const size_t length = good.size() - sizeof(senet_trailer_v1_t);
    int refused = 0;
    for (size_t i = 0; i < 600; i++) {
        std::string bad = good;
        const size_t at = i * 7919 % length;
        bad[at] = static_cast<char>(bad[at] ^ (1 << i % 8) ^ (i % 3 ? 0x80 : 0));
        write(folder / "bad.so", bad);
        try {
            inspect::overview(read_library(folder / "bad.so"), {});
        } catch (const Error&) {
            refused++;
        }
    }
    CHECK(refused > 0);
    CHECK(refused < 600);
}

}  // namespace senetc::test
