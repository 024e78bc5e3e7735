// What an emitted object is: its symbols, its bytes, its scratch, and errors in words.
#include <doctest/doctest.h>
#include <elf.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <set>

#include "models/error.h"
#include "schedules/schedules.h"
#include "tests/stages/check_stages.h"

using namespace senetc;
using namespace senetc::test;

namespace {

const std::vector<std::string> kOneOfEach = {
    "conv ci=16 co=64 in_h=28 in_w=28 kernel_h=3 kernel_w=3 pad=1 in_halo=1 residual=1 act=sigmoid",
    "depthwise_conv ch=64 in_h=28 in_w=28 act=relu",
    "batch_norm ch=64 h=28 w=28 act=sigmoid",
    "scale_add ch=64 h=28 w=28 gate=1 residual=1 act=sigmoid",
    "squeeze ch=64 h=28 w=28",
    "excite ch=512 hidden=32",
    "dense in=512 out=1000 logits=1 act=sigmoid",
    "max_pool ch=64 in_h=28 in_w=28",
    "ingest_f32 ch=3 h=28 w=28 out_halo=1",
    "ingest_u8 ch=3 h=28 w=28 layout=blocked out_halo=1",
    "conv ci=64 co=64 in_h=28 in_w=28 kernel_h=3 kernel_w=3 stride=2 pad=1 in_halo=1 act=relu",
};

EmittedKernel emit(const std::string& text, const std::string& variant) {
    const Stage stage = stage_of(text);
    return emit_kernel(stage, choose_schedule(stage, variant), {variant}, "kernel");
}

// Names of global symbols, those that the object leaves to others apart.
struct Symbols {
    std::set<std::string> defined, undefined;
};

Symbols symbols_of(const std::string& object) {
    Elf64_Ehdr header;
    std::memcpy(&header, object.data(), sizeof header);
    std::vector<Elf64_Shdr> sections(header.e_shnum);
    std::memcpy(sections.data(), object.data() + header.e_shoff, sections.size() * sizeof(Elf64_Shdr));
    Symbols symbols;
    for (const Elf64_Shdr& section : sections) {
        if (section.sh_type != SHT_SYMTAB) continue;
        const char* names = object.data() + sections[section.sh_link].sh_offset;
        std::vector<Elf64_Sym> table(section.sh_size / sizeof(Elf64_Sym));
        std::memcpy(table.data(), object.data() + section.sh_offset, section.sh_size);
        for (const Elf64_Sym& symbol : table) {
            if (ELF64_ST_BIND(symbol.st_info) == STB_LOCAL) continue;
            (symbol.st_shndx == SHN_UNDEF ? symbols.undefined : symbols.defined).insert(names + symbol.st_name);
        }
    }
    return symbols;
}

// The object as a process of its own emits it: how the compiler works, and what makes its bytes repeatable.
std::string emit_in_child(const std::string& text) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t pid = fork();
    if (pid == 0) {
        const std::string object = emit(text, "avx2").object;
        const bool fine = write(ends[1], object.data(), object.size()) == static_cast<ssize_t>(object.size());
        _exit(fine ? 0 : 1);
    }
    close(ends[1]);
    std::string object;
    char chunk[4096];
    for (ssize_t count; (count = read(ends[0], chunk, sizeof chunk)) > 0;)
        object.append(chunk, static_cast<size_t>(count));
    close(ends[0]);
    int status = 0;
    waitpid(pid, &status, 0);
    REQUIRE(status == 0);
    return object;
}

}  // namespace

// First of all cases: the children must fork from a process that has not compiled yet, as the compiler's do.
TEST_CASE("a process of its own emits the same bytes every time") {
    for (const std::string& text : {kOneOfEach[0], kOneOfEach[5]}) {
        const std::string object = emit_in_child(text);
        CHECK(object.size() > 1000);
        CHECK(object == emit_in_child(text));
    }
}

TEST_CASE("release kernels need memory, threads and nothing else, and their scratch is known") {
    const std::set<std::string> allowed = {"halide_malloc", "halide_free", "halide_do_par_for", "memcpy", "memset"};
    for (const std::string variant : {"avx2", "avx512", "neon"}) {
        for (const std::string& text : kOneOfEach) {
            INFO(variant, ": ", text);
            const EmittedKernel kernel = emit(text, variant);
            const Symbols symbols = symbols_of(kernel.object);
            for (const std::string& name : symbols.undefined) CHECK_MESSAGE(allowed.count(name) == 1, name);
            for (const std::string& name : symbols.defined) CHECK_MESSAGE(name.rfind("kernel", 0) == 0, name);
            CHECK(symbols.defined.count("kernel_argv") == 1);
            const bool winograd = winograd_tile(choose_schedule(stage_of(text), variant)) != 0;
            CHECK((kernel.scratch_bytes > 0) == winograd);
            CHECK((symbols.undefined.count("halide_malloc") == 1) == winograd);
        }
    }
}

TEST_CASE("a schedule that does not fit its stage is an error that names both") {
    const Stage stage = stage_of("dense in=16 out=32");
    try {
        emit_kernel(stage, parse_schedule("direct parallel=0 tile_k=0"), {"avx2"}, "kernel");
        FAIL("tile_k=0 compiled");
    } catch (const Error& error) {
        const std::string what = error.what();
        CHECK(what.find("dense") != std::string::npos);
        CHECK(what.find("tile_k=0") != std::string::npos);
    }
}
