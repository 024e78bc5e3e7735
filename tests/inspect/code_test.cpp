// Instructions, inner loops and estimates, of code written down byte by byte.
#include <doctest/doctest.h>

#include "generators/inspect/estimate.h"
#include "generators/inspect/inner_loop.h"
#include "models/error.h"

using namespace senetc::inspect;

namespace {

constexpr const char *kX86 = "x86_64-unknown-linux-gnu", *kArm = "aarch64-unknown-linux-gnu";

std::string bytes_of(std::initializer_list<int> values) {
    std::string text;
    for (int value : values) text += static_cast<char>(value);
    return text;
}

// vfmadd231ps ymm<d>, ymm14, ymm15
std::string fma(int d) {
    return bytes_of({0xc4, d < 8 ? 0xc2 : 0x42, 0x0d, 0xb8, 0xc7 | (d & 7) << 3});
}
// dec rcx; jne back over `body` and itself
std::string turn(const std::string& body) {
    return body + bytes_of({0x48, 0xff, 0xc9, 0x75, -int(body.size() + 5) & 0xff});
}
const std::string kReturn = bytes_of({0xc3});
const std::string kSpill = bytes_of({0x48, 0x89, 0x44, 0x24, 0x08});   // mov [rsp + 8], rax
const std::string kReload = bytes_of({0x48, 0x8b, 0x5c, 0x24, 0x08});  // mov rbx, [rsp + 8]
const std::string kFrame = bytes_of({0x48, 0x89, 0xe5});               // mov rbp, rsp
const std::string kBelow = bytes_of({0x48, 0x8b, 0x5d, 0xf8});         // mov rbx, [rbp - 8]

std::vector<Instruction> disassembled(const std::string& code, const char* triple = kX86) {
    return disassemble({"f", 0x1000, code}, Machine(triple, ""));
}

Estimate estimated(const std::string& loop, const char* triple, const char* cpu) {
    return estimate(disassembled(loop, triple), Machine(triple, cpu));
}

}  // namespace

TEST_CASE("code becomes instructions with their addresses, and branches show where they go") {
    const auto code = disassembled(turn(fma(1) + fma(9)) + kReturn);
    REQUIRE(code.size() == 5);
    CHECK(code[0].text == "vfmadd231ps ymm1, ymm14, ymm15");
    CHECK(code[1].address == 0x1005);
    CHECK(code[3].text == "jne 0x1000");
    CHECK(code[3].target == 0x1000);
    CHECK(code[4].text == "ret");
    CHECK((code[0].fma && code[1].fma && !code[2].fma));
}

TEST_CASE("bytes that are no instruction are refused with their address") {
    CHECK_THROWS_WITH_AS(disassembled(fma(1) + bytes_of({0x06})),
                         doctest::Contains("there is no instruction at 0x1005"), senetc::Error);
}

TEST_CASE("the inner loop is the innermost one with the most multiply-adds, and one within loops counts more") {
    CHECK(!find_inner_loop(disassembled(fma(1) + kReturn)));

    // Of two loops one after the other the one with more.
    auto loop = find_inner_loop(disassembled(turn(fma(1)) + turn(fma(1) + fma(2)) + turn(fma(3)) + kReturn));
    REQUIRE(loop);
    CHECK(loop->fmas == 2);
    CHECK(loop->first == 3);
    CHECK(loop->instructions == 4);

    // The outer loop has more, but holds another.
    loop = find_inner_loop(disassembled(turn(fma(1) + fma(2) + turn(fma(3))) + kReturn));
    REQUIRE(loop);
    CHECK(loop->fmas == 1);
    CHECK(loop->first == 2);

    // Two multiply-adds in a loop within a loop are more work than three in one alone.
    loop = find_inner_loop(disassembled(turn(fma(1) + fma(2) + fma(3)) + turn(turn(fma(4) + fma(5)))));
    REQUIRE(loop);
    CHECK(loop->fmas == 2);
}

TEST_CASE("stores to the stack and loads from it count as spills, by rbp only where it is the frame's") {
    auto loop = find_inner_loop(disassembled(turn(kSpill + kReload + kReload + fma(1))));
    REQUIRE(loop);
    CHECK(loop->stack_stores == 1);
    CHECK(loop->stack_loads == 2);
    loop = find_inner_loop(disassembled(turn(kBelow + fma(1))));
    CHECK(loop->stack_loads == 0);
    loop = find_inner_loop(disassembled(kFrame + turn(kBelow + fma(1))));
    CHECK(loop->stack_loads == 1);
}

TEST_CASE("AArch64 has inner loops, multiply-adds and spills, too") {
    const std::string fmla = bytes_of({0x20, 0xcc, 0x22, 0x4e});    // fmla v0.4s, v1.4s, v2.4s
    const std::string reload = bytes_of({0xe3, 0x07, 0xc0, 0x3d});  // ldr q3, [sp, #16]
    const std::string spill = bytes_of({0xe3, 0x07, 0x80, 0x3d});   // str q3, [sp, #16]
    const std::string count = bytes_of({0x00, 0x04, 0x00, 0xf1});   // subs x0, x0, #1
    const std::string back = bytes_of({0x61, 0xff, 0xff, 0x54});    // b.ne five instructions back
    const auto code = disassembled(fmla + fmla + reload + spill + count + fmla + back, kArm);
    const auto loop = find_inner_loop(code);
    REQUIRE(loop);
    CHECK(code[0].text == "fmla v0.4s, v1.4s, v2.4s");
    CHECK(loop->first == 1);
    CHECK(loop->fmas == 2);
    CHECK(loop->stack_stores == 1);
    CHECK(loop->stack_loads == 1);
}

TEST_CASE("a chain of multiply-adds is bound by latency, many chains by the ports that add and multiply") {
    const Estimate chain = estimated(turn(fma(1)), kX86, "skylake");
    CHECK(chain.cycles == doctest::Approx(4).epsilon(0.05));
    CHECK(chain.bottleneck.starts_with("latency"));
    CHECK(chain.unknown == 0);

    std::string many;
    for (int d = 0; d < 12; d++) many += fma(d);
    const Estimate chains = estimated(turn(many), kX86, "skylake");
    CHECK(12 / chains.cycles > 1.8);
    CHECK(chains.bottleneck.find("port SKLPort") != std::string::npos);

    const std::string fmla = bytes_of({0x20, 0xcc, 0x22, 0x4e});
    CHECK(estimated(fmla + fmla + fmla + fmla, kArm, "neoverse-n1").cycles > 4);
    CHECK(estimated(fmla + fmla + fmla + fmla, kArm, "cortex-a55").cycles > 4);  // in order
}

TEST_CASE("a CPU that LLVM doesn't know is named, one that it describes by another's model is told") {
    CHECK_THROWS_WITH_AS(Machine(kX86, "pentium99"), doctest::Contains("--cpu pentium99: LLVM knows no such CPU"),
                         senetc::Error);
    CHECK_THROWS_WITH_AS(estimated(fma(1), kX86, "pentium4"), doctest::Contains("not how long they take"),
                         senetc::Error);
    const auto told = trust(Machine(kArm, "cortex-a76"));
    CHECK(told.back() == "LLVM has no model of cortex-a76 and takes cortex-a57's.");
    CHECK(trust(Machine(kArm, "cortex-a57")).back() != told.back());
}
