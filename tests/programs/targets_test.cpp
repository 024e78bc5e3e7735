// senetc for several machines at once, as its users meet it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "tests/programs/programs.h"

using namespace senetc;
using namespace senetc::test;
namespace fs = std::filesystem;

namespace {

// A network that compiles in a moment.
struct Small {
    TemporaryFolder folder;
    std::string graph = folder.path() / "small.graph", weights = folder.path() / "w.safetensors";

    Small() {
        std::ofstream(graph) << "graph small\n%x = input : f32[3,16,16]\n%c = conv %x weight=@c.weight out=32 "
                                "kernel=3x3 pad=1\n%d = conv %c weight=@d.weight out=32 kernel=3x3 pad=1\n"
                                "%p = global_avg_pool %d\n%fc = linear %p weight=@fc.weight bias=@fc.bias out=4\n"
                                "return %fc\n";
        CHECK(run(fmt::format("{{senetc}} weights {} -o {}", graph, weights)).status == 0);
    }

    // Of a build into `output` of the folder.
    Outcome build(const std::string& output, const std::string& flags) const {
        return run(fmt::format("{{senetc}} build {} --weights {} -o {} {}", graph, weights,
                               (folder.path() / output).string(), flags));
    }
    std::string bytes(const std::string& output, const std::string& file) const {
        return read_text(folder.path() / output / file);
    }
};

}  // namespace

TEST_CASE("a build for two targets gives, byte for byte, what two builds give, with one cache between them") {
    const Small small;
    const std::string cache = fmt::format(" --cache {}", (small.folder.path() / "cache").string());
    const Outcome both = small.build("both", "--target arm-64,x86-64" + cache);
    REQUIRE_MESSAGE(both.status == 0, both.errors);
    CHECK(both.output.find("for avx512, avx2 and neon (0 from the cache)") != std::string::npos);
    const std::string elsewhere = fmt::format(" --cache {}", (small.folder.path() / "other").string());
    for (const std::string target : {"x86-64", "arm-64"}) {
        INFO(target);
        CHECK(small.build("fresh", "--target " + target + elsewhere).status == 0);
        const Outcome again = small.build("again", "--target " + target + cache);
        CHECK(again.output.find(target == "x86-64" ? "12 kernels for avx512 and avx2 (12 from the cache)"
                                                   : "6 kernels for neon (6 from the cache)") != std::string::npos);
        for (const std::string file : {"/libsmall.so", "/libsmall.a", "/small.h"}) {
            const std::string expected = small.bytes("both", target + file);
            CHECK(!expected.empty());
            CHECK(small.bytes("fresh", target + file) == expected);
            CHECK(small.bytes("again", target + file) == expected);
        }
    }
    const Outcome beside = small.build("beside", "--target x86-64,arm-64 --weights-beside" + cache);
    CHECK(beside.status == 0);
    for (const char* file : {"x86-64/small.weights", "arm-64/small.weights"})
        CHECK(!small.bytes("beside", file).empty());
}

TEST_CASE("variants are chosen among those of the targets; a target without any is refused in one sentence") {
    const Small small;
    const Outcome chosen = small.build("chosen", "--target x86-64,arm-64 --variants avx2,neon");
    CHECK_MESSAGE(chosen.output.find("for avx2 and neon") != std::string::npos, chosen.errors);
    struct Bad {
        const char *flags, *sentence;
    };
    const Bad cases[] = {
        {"--target foo", "there is no target 'foo'; the targets are x86-64, x86-64-cuda, arm-64"},
        {"--target x86-64,foo", "there is no target 'foo'"},
        {"--target x86-64 --variants neon", "--variants neon: x86-64 has avx512, avx2"},
        {"--variants neon", "--variants neon: x86-64 has avx512, avx2"},
        {"--target arm-64 --variants avx2", "--variants avx2: arm-64 has neon"},
        {"--target x86-64,arm-64 --variants sve", "--variants sve: x86-64 has avx512, avx2, arm-64 has neon"},
        {"--target x86-64,arm-64 --variants avx2", "--variants avx2 leaves arm-64 without any; add one of neon"},
    };
    for (const Bad& bad : cases) {
        const Outcome outcome = small.build("bad", bad.flags);
        INFO(bad.flags, " -> ", outcome.errors);
        CHECK(outcome.status == 2);
        CHECK(outcome.errors.find(bad.sentence) != std::string::npos);
        CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
        CHECK(!fs::exists(small.folder.path() / "bad"));
    }
}

TEST_CASE("kernels of another machine are inspected here, but not timed") {
    const Outcome tasks = run("{senetc} inspect se_resnet20_cifar --target arm-64");
    CHECK(tasks.status == 0);
    CHECK(tasks.output.find("variant neon") != std::string::npos);
    const Outcome timed = run("{senetc} bench-stages se_resnet20_cifar --target arm-64");
    CHECK(timed.status == 2);
    CHECK(timed.output.empty());
    CHECK(timed.errors.find("this machine runs none of arm-64's") != std::string::npos);
}

TEST_CASE("a library for GPUs and CPUs is built, inspected and verified without a GPU") {
    const Small small;
    const std::string cache = fmt::format(" --cache {}", (small.folder.path() / "cache").string());
    const Outcome built = small.build("gpu", "--target x86-64,x86-64-cuda" + cache);
    REQUIRE_MESSAGE(built.status == 0, built.errors);
    CHECK(built.output.find("18 kernels for avx512, avx2 and cuda (0 from the cache)") != std::string::npos);
    const std::string library = (small.folder.path() / "gpu/x86-64-cuda/libsmall.so").string();
    const auto says = [&](const std::string& command, const std::string& words, int status = 0) {
        const Outcome outcome =
            run(fmt::format(fmt::runtime(command), fmt::arg("senetc", "{senetc}"), fmt::arg("lib", library)));
        INFO(command, " -> ", outcome.output.substr(0, 4000), outcome.errors);
        CHECK(outcome.status == status);
        CHECK((status == 0 ? outcome.output : outcome.errors).find(words) != std::string::npos);
        if (status != 0) CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
    };
    says("{senetc} inspect {lib}", "x86-64-cuda");
    says("{senetc} inspect {lib}", "for GPUs of compute capability 7.0 or later\n");
    says("{senetc} inspect {lib} --kernel c --variants cuda", ".target sm_70");
    says("{senetc} inspect {lib} --kernel c --variants avx2", "inner loop");
    says("{senetc} inspect {lib} --threads 2 --variants cuda", "no tasks to show");
    says("{senetc} inspect {lib} --kernel c --cpu znver4 --variants cuda", "llvm-mca estimates for CPUs", 2);
    says("{senetc} verify {lib} --weights " + small.weights, "\navx2, 1 image");
    says("{senetc} inspect " + small.graph + " --target x86-64-cuda", "no tasks to show");
    CHECK(small.bytes("gpu", "x86-64-cuda/small.h") == small.bytes("gpu", "x86-64/small.h"));
}

TEST_CASE("what measures or schedules for CPUs refuses a GPU's variant in one sentence") {
    const Small small;
    struct Bad {
        std::string command, sentence;
    };
    const Bad cases[] = {
        {"bench-stages {} --target x86-64-cuda", "bench-stages times kernels on CPUs, and cuda is for GPUs"},
        {"tune {} --target x86-64-cuda", "tune measures kernels on CPUs, and cuda is for GPUs"},
        {"tune {} --target x86-64-cuda --variants avx2", "tune x86-64, whose table is also for the CPUs"},
        {"bench-schedules 'dense in=16 logits=1 out=32' --variant cuda", "bench-schedules times kernels on CPUs"},
        {"build {} --weights {} --target x86-64-cuda --variants cuda --schedule auto:Adams2019",
         "Adams2019 schedules for CPUs alone"},
        {"build {} --weights {} --target x86-64 --cuda-arch sm_80", "no variant is for GPUs"},
        {"build {} --weights {} --target x86-64-cuda --cuda-arch 80", "name an architecture as sm_80"},
    };
    for (const Bad& bad : cases) {
        const Outcome outcome = run("{senetc} " + fmt::format(fmt::runtime(bad.command), small.graph, small.weights));
        INFO(bad.command, " -> ", outcome.errors);
        CHECK(outcome.status == 2);
        CHECK(outcome.errors.find(bad.sentence) != std::string::npos);
        CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
    }
}
