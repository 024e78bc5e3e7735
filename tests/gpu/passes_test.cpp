// What the passes over a GPU's kernels leave as it is, or refuse. What they are for: ptxas_test, staging_test.
#include <doctest/doctest.h>

#include "generators/compiler/emit_kernel.h"
#include "generators/compiler/gpu_module.h"
#include "generators/compiler/joined_copies.h"
#include "generators/compiler/thread_registers.h"

using namespace senetc;
using namespace Halide;

namespace {

// Of a block of 16 threads: `out` over all of its dimension x.
struct Block {
    Func out{"out"};
    Var x{"x"}, block{"block"}, thread{"thread"};

    void schedule() { out.bound(x, 0, 16).gpu_tile(x, block, thread, 16); }
    void of_block(Func f, MemoryType memory) { f.compute_at(out, block).store_in(memory).gpu_threads(x); }

    std::string source(Internal::IRMutator* pass) {
#ifdef __SANITIZE_ADDRESS__
        set_compiler_stack_size(0);  // see emit_kernel
#endif
        Pipeline pipeline(out);
        if (pass != nullptr) pipeline.add_custom_lowering_pass(pass, nullptr);
        return gpu_source_of(pipeline.compile_to_module({}, "kernel", Target(halide_target({"cuda"}))));
    }
};

int barriers(const std::string& source) {
    int count = 0;
    for (size_t at = source.find("bar.sync"); at != std::string::npos; at = source.find("bar.sync", at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("two copies that nothing reads in between have one barrier") {
    Block b;
    Func first("first"), second("second");
    first(b.x) = b.x;
    second(b.x) = 2 * b.x;
    b.out(b.x) = first(15 - b.x) + second(15 - b.x);
    b.schedule();
    for (const Func& copy : {first, second}) b.of_block(copy, MemoryType::GPUShared);
    JoinedCopies pass;
    CHECK(barriers(b.source(nullptr)) == 2);
    CHECK(barriers(b.source(&pass)) == 1);
}

TEST_CASE("definitions of one copy keep the barriers between them: different threads store an element") {
    Block b;
    Func copy("copy");
    const RDom r(0, 8);
    copy(b.x) = b.x;
    copy(15 - r) = 2 * r;
    copy(15 - 2 * r) = 3 * r;
    b.out(b.x) = copy(15 - b.x);
    b.schedule();
    b.of_block(copy, MemoryType::GPUShared);
    for (const int update : {0, 1}) copy.update(update).allow_race_conditions().gpu_threads(r);
    JoinedCopies pass;
    CHECK(barriers(b.source(nullptr)) == 3);
    CHECK(barriers(b.source(&pass)) == 3);
}

TEST_CASE("a copy of a copy keeps the barrier between them") {
    Block b;
    Func first("first"), second("second");
    first(b.x) = b.x;
    second(b.x) = first(15 - b.x);
    b.out(b.x) = second(15 - b.x);
    b.schedule();
    for (const Func& copy : {first, second}) b.of_block(copy, MemoryType::GPUShared);
    JoinedCopies pass;
    CHECK(barriers(b.source(&pass)) == 2);
}

TEST_CASE("threads that read each other's registers are an error") {
    Block b;
    Func sum("sum");
    sum(b.x) = b.x;
    b.out(b.x) = sum(b.x) + sum(15 - b.x);
    b.schedule();
    b.of_block(sum, MemoryType::Register);
    ThreadRegisters pass;
    CHECK_THROWS_WITH_AS(b.source(&pass), doctest::Contains("threads share registers of 'sum"), std::logic_error);
}
