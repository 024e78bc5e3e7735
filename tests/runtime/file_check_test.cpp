// What senet_model_open refuses, and that each refusal says what is wrong.
#include <doctest/doctest.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <utility>
#include <vector>

#include "senet/senet.h"
#include "tests/runtime/support/files.h"

using namespace senetc;

namespace {

struct Refusal {
    senet_status status;
    std::string message;
};

Refusal open_file(const std::string& path) {
    senet_model* model = nullptr;
    const senet_status status = senet_model_open(path.c_str(), nullptr, &model);
    CHECK((model == nullptr) == (status != SENET_OK));
    senet_model_close(model);
    return {status, status ? senet_last_message() : ""};
}

Refusal open_bytes(const std::string& bytes) {
    TemporaryFolder folder;
    write_file(folder / "model.so", bytes);
    return open_file(folder / "model.so");
}

bool says(const Refusal& refusal, const char* words) {
    INFO(refusal.message);
    const bool found = refusal.message.find(words) != std::string::npos;
    CHECK(found);
    return found;
}

}  // namespace

TEST_CASE("a right file opens") {
    CHECK(open_bytes(toy_library()).status == SENET_OK);
}

TEST_CASE("a path without a slash is a file here, not a library of the system") {
    TemporaryFolder folder;
    write_file(folder / "model.so", toy_library());
    char before[4096];
    REQUIRE(getcwd(before, sizeof(before)));
    REQUIRE(chdir((folder / "").c_str()) == 0);
    CHECK(open_file("model.so").status == SENET_OK);
    CHECK(open_file("libc.so.6").status == SENET_NOT_FOUND);
    REQUIRE(chdir(before) == 0);
}

TEST_CASE("a missing file is not found") {
    TemporaryFolder folder;
    const Refusal refusal = open_file(folder / "none.so");
    CHECK(refusal.status == SENET_NOT_FOUND);
    says(refusal, "No such file");
    CHECK(open_file(folder / "none.so/more").status == SENET_NOT_FOUND);
}

TEST_CASE("an unreadable file is an I/O error") {
    if (geteuid() == 0) return;  // root reads anything
    TemporaryFolder folder;
    write_file(folder / "model.so", toy_library());
    REQUIRE(chmod((folder / "model.so").c_str(), 0) == 0);
    const Refusal refusal = open_file(folder / "model.so");
    CHECK(refusal.status == SENET_IO_ERROR);
    says(refusal, "Permission denied");
}

TEST_CASE("a path of too many links can't be opened") {
    TemporaryFolder folder;
    REQUIRE(symlink((folder / "loop.so").c_str(), (folder / "loop.so").c_str()) == 0);
    CHECK(open_file(folder / "loop.so").status == SENET_IO_ERROR);
}

TEST_CASE("a directory, a pipe and an empty file are named as such") {
    TemporaryFolder folder;
    says(open_file(folder / ""), "is a directory");
    REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
    says(open_file(folder / "pipe"), "is not a regular file");
    says(open_bytes(""), "is empty");
}

TEST_CASE("foreign files are refused") {
    says(open_bytes("a text of a few words"), "is no senet library");
    says(open_bytes(std::string(5000, '\0')), "is no senet library");
    says(open_bytes(read_file(TOY_LIBRARY)), "has no senet trailer");
    says(open_bytes(toy_weights_file()), "is a senet weights file, where a senet library is expected");
}

TEST_CASE("a file cut anywhere is refused as truncated") {
    const std::string whole = toy_library();
    for (size_t bytes : {1, 63, 64, 200, 5000}) says(open_bytes(whole.substr(0, bytes)), "truncated");
    for (size_t less : {1, 64, 119, 1000, 4096}) {
        const Refusal refusal = open_bytes(whole.substr(0, whole.size() - less));
        CHECK(refusal.status == SENET_BAD_FILE);
        says(refusal, "truncated");
    }
    says(open_bytes(whole + "x"), "bytes after its trailer");
}

TEST_CASE("one changed bit anywhere in the contents is damage") {
    const std::string whole = toy_library();
    for (size_t at : {size_t{16}, whole.size() / 3, whole.size() / 2, whole.size() - sizeof(senet_trailer_v1_t) - 1}) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        const Refusal refusal = open_bytes(damaged);
        CHECK(refusal.status == SENET_BAD_FILE);
        says(refusal, "is damaged");
    }
}

TEST_CASE("a wrong trailer is refused, field by field") {
    const std::string contents = read_file(TOY_LIBRARY);
    const senet_trailer_v1_t right = trailer_of(contents, SENET_MAGIC_LIBRARY, "toy");
    const auto open_with = [&](auto change) {
        senet_trailer_v1_t trailer = right;
        change(trailer);
        return open_bytes(with_trailer(contents, trailer));
    };
    const Refusal newer = open_with([](auto& t) { t.abi_version = 2; });
    CHECK(newer.status == SENET_INCOMPATIBLE);
    says(newer, "made for a newer libsenet");
    says(open_with([](auto& t) { t.abi_version = 0; }), "damaged trailer");
    says(open_with([](auto& t) { t.trailer_bytes = 64; }), "damaged trailer");
    says(open_with([](auto& t) { t.length += 1; }), "truncated");
    says(open_with([](auto& t) { t.length -= 1; }), "damaged");
    says(open_with([](auto& t) { t.hash[1] ^= 1; }), "is damaged");
    says(open_with([](auto& t) { memset(t.model, 'a', sizeof(t.model)); }), "damaged trailer");
    says(open_with([](auto& t) { t.model[0] = 0; }), "damaged trailer");
    says(open_with([](auto& t) { t.model[0] = '/'; }), "damaged trailer");
    says(open_with([](auto& t) { t.model[0] = 'b'; }), "doesn't export senet_model_boy");
}

TEST_CASE("a library of another machine is named by it") {
    const std::vector<std::pair<uint16_t, std::string>> machines = {
        {EM_X86_64, "x86-64"}, {EM_AARCH64, "arm-64"}, {EM_RISCV, "riscv"}};
    for (const auto& [machine, name] : machines) {
        std::string library = read_file(TOY_LIBRARY);
        if (memcmp(&library[offsetof(Elf64_Ehdr, e_machine)], &machine, sizeof(machine)) == 0) continue;  // this one
        memcpy(&library[offsetof(Elf64_Ehdr, e_machine)], &machine, sizeof(machine));
        const Refusal refusal = open_bytes(with_trailer(library, trailer_of(library, SENET_MAGIC_LIBRARY, "toy")));
        CHECK(refusal.status == SENET_UNSUPPORTED_CPU);
        says(refusal, ("is built for " + name).c_str());
    }
    const std::string text(1000, 't');
    says(open_bytes(with_trailer(text, trailer_of(text, SENET_MAGIC_LIBRARY, "toy"))), "is no ELF shared library");
}

TEST_CASE("headers with absurd numbers are read without a fault") {
    const std::string whole = read_file(TOY_LIBRARY);
    for (size_t at = 0; at < 64; ++at) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(0xff);
        CHECK(open_bytes(damaged).status == SENET_BAD_FILE);
        CHECK(open_bytes(with_trailer(damaged, trailer_of(whole, SENET_MAGIC_LIBRARY, "toy"))).status ==
              SENET_BAD_FILE);
    }
}
