// What a loaded model says of itself, and which variant it runs.
#include <doctest/doctest.h>

#include <thread>

#include "runtime/core/cpu.h"
#include "runtime/core/variant.h"
#include "tests/runtime/support/files.h"
#include "tests/runtime/support/handles.h"
#include "tests/runtime/toy/toy.h"

using namespace senetc;

namespace {

bool contains(const char* text, const char* words) {
    return std::string(text).find(words) != std::string::npos;
}

// A CPU with all that both features need.
const senet::CpuRegisters kWholeCpu{1u << 12 | 1u << 19 | 1u << 28 | 1u << 29,
                                    1u << 5 | 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31, 0xe6};

senet_model_v1_t two_variants(senet_variant_v1_t (&variants)[2]) {
    variants[0] = {};
    variants[0].name = "avx512";
    variants[0].cpu_features = SENET_CPU_X86_AVX512;
    variants[1] = {};
    variants[1].name = "avx2";
    variants[1].cpu_features = SENET_CPU_X86_AVX2;
    senet_model_v1_t model{};
    model.name = "net";
    model.num_variants = 2;
    model.variants = variants;
    return model;
}

}  // namespace

TEST_CASE("a linked model shows its tables") {
    const Model model = open_toy();
    REQUIRE(model);
    const senet_model_v1_t* tables = senet_model_describe(model.get());
    CHECK(std::string(tables->name) == "toy");
    CHECK(tables->classes == 5);
    CHECK(std::string(tables->labels[4]) == "eel");
}

TEST_CASE("the first variant that the CPU runs is taken; a name forces one") {
    CHECK(std::string(senet_model_variant(open_toy().get())->name) == "plain");
    CHECK(std::string(senet_model_variant(open_toy("failing").get())->name) == "failing");
    CHECK(open_toy("future") == nullptr);
    CHECK(contains(senet_last_message(), "can't run variant future of toy: it lacks a feature that this libsenet"));
    CHECK(contains(senet_last_message(), "variants: future, plain, greedy, failing"));
    CHECK(open_toy("sse9") == nullptr);
    CHECK(contains(senet_last_message(), "toy has no variant 'sse9': it has future, plain, greedy, failing"));
}

TEST_CASE("a variant is chosen by what the CPU and its operating system have") {
    senet_variant_v1_t variants[2];
    const senet_model_v1_t model = two_variants(variants);
    const senet_variant_v1_t* chosen = nullptr;
    CHECK(senet::choose_variant(model, kWholeCpu, nullptr, &chosen) == SENET_OK);
    CHECK(chosen == &variants[0]);
    senet::CpuRegisters cpu = kWholeCpu;
    cpu.xcr0 = 0x06;  // zmm registers aren't saved
    CHECK(senet::choose_variant(model, cpu, nullptr, &chosen) == SENET_OK);
    CHECK(chosen == &variants[1]);
    CHECK(senet::choose_variant(model, cpu, "avx512", &chosen) == SENET_UNSUPPORTED_CPU);
    CHECK(contains(senet_last_message(),
                   "it lacks the operating system's support for zmm registers (variants: avx512, avx2)"));
}

TEST_CASE("each instruction missing takes its variant away and is named") {
    senet_variant_v1_t variants[2];
    const senet_model_v1_t model = two_variants(variants);
    const senet_variant_v1_t* chosen = nullptr;
    for (int bit : {16, 17, 28, 30, 31}) {
        senet::CpuRegisters cpu = kWholeCpu;
        cpu.leaf7_ebx &= ~(1u << bit);
        CHECK(senet::choose_variant(model, cpu, nullptr, &chosen) == SENET_OK);
        CHECK(chosen == &variants[1]);
    }
    senet::CpuRegisters cpu = kWholeCpu;
    cpu.leaf1_ecx &= ~(1u << 12 | 1u << 29);
    CHECK(senet::choose_variant(model, cpu, nullptr, &chosen) == SENET_UNSUPPORTED_CPU);
    CHECK(std::string(senet_last_message()) ==
          "this CPU runs no variant of net (avx512, avx2): for avx2 it lacks fma, f16c");
    CHECK(senet::choose_variant(model, senet::CpuRegisters{}, nullptr, &chosen) == SENET_UNSUPPORTED_CPU);
}

TEST_CASE("a model that answers NULL is made for a newer libsenet") {
    senet_model* model = nullptr;
    CHECK(senet_model_open_linked([](uint32_t) -> const senet_model_v1_t* { return nullptr; }, nullptr, &model) ==
          SENET_INCOMPATIBLE);
    CHECK(model == nullptr);
}

TEST_CASE("a library is read to be described, without its weights and a device: no session opens on it") {
    const TemporaryFolder folder;
    const std::string path = folder / "libtoy.so";
    senet_model* read = nullptr;
    CHECK(senet_model_read(path.c_str(), &read) == SENET_NOT_FOUND);
    write_file(path, toy_beside_library());
    REQUIRE(senet_model_read(path.c_str(), &read) == SENET_OK);
    const Model model(read);
    CHECK(std::string(senet_model_describe(read)->name) == "toy");
    CHECK(senet_model_variant(read) == nullptr);
    CHECK(senet_model_device(read) == nullptr);
    CHECK_FALSE(open_session(model, 1, 1));
    CHECK(contains(senet_last_message(), "toy was opened by senet_model_read, to be described"));
    size_t bytes = 0;
    CHECK(senet_session_arena_bytes(read, nullptr, &bytes) == SENET_INVALID_ARGUMENT);
}

TEST_CASE("reading refuses what opening refuses: a damaged file") {
    const TemporaryFolder folder;
    std::string bytes = toy_beside_library();
    bytes[bytes.size() / 2] ^= 1;
    write_file(folder / "libtoy.so", bytes);
    senet_model* read = nullptr;
    CHECK(senet_model_read((folder / "libtoy.so").c_str(), &read) == SENET_BAD_FILE);
    CHECK(read == nullptr);
}

TEST_CASE("NULL where it may not be is an invalid argument, and closing NULL is fine") {
    senet_model* model = nullptr;
    CHECK(senet_model_open(nullptr, nullptr, &model) == SENET_INVALID_ARGUMENT);
    CHECK(senet_model_open("x", nullptr, nullptr) == SENET_INVALID_ARGUMENT);
    CHECK(senet_model_open_linked(nullptr, nullptr, &model) == SENET_INVALID_ARGUMENT);
    CHECK(senet_model_read(nullptr, &model) == SENET_INVALID_ARGUMENT);
    CHECK(senet_model_read("x", nullptr) == SENET_INVALID_ARGUMENT);
    CHECK(senet_model_describe(nullptr) == nullptr);
    CHECK(senet_model_variant(nullptr) == nullptr);
    senet_model_close(nullptr);
    senet_session_close(nullptr);
}

TEST_CASE("each thread has its own message") {
    senet_model* model = nullptr;
    senet_model_open("/no/such/file", nullptr, &model);
    const std::string here = senet_last_message();
    std::thread([] { CHECK(std::string(senet_last_message()).empty()); }).join();
    CHECK(std::string(senet_last_message()) == here);
    CHECK(contains(here.c_str(), "/no/such/file can't be opened"));
}

TEST_CASE("a message is cut, never overrun, by a path of any length") {
    senet_model* model = nullptr;
    CHECK(senet_model_open(("/" + std::string(100000, 'x')).c_str(), nullptr, &model) == SENET_IO_ERROR);
    CHECK(std::string(senet_last_message()).size() < 1024);
}

TEST_CASE("every status has a name") {
    for (int status = SENET_OK; status <= SENET_KERNEL_FAILED; ++status)
        CHECK(std::string(senet_status_name(static_cast<senet_status>(status))) != "unknown status");
    CHECK(std::string(senet_status_name(static_cast<senet_status>(99))) == "unknown status");
}
