// A network that senetc built for GPUs, run by libsenet and by senet on the fake driver: its kernels do nothing there,
// but every call is checked, and so is that the chain is whole for every batch.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cuda/support.h"
#include "tests/programs/programs.h"

using namespace senetc;
using namespace senetc::test;

namespace {

// SE on a downsampling block: a stem, convolutions with and without padding, sums, a gate, a shortcut, a classifier.
constexpr const char* kGraph = R"(graph small
%x = input : f32[3,32,32]
%c1 = conv %x weight=@c1.weight out=32 kernel=3x3 pad=1
%r1 = activation %c1 act=relu
%c2 = conv %r1 weight=@c2.weight out=32 kernel=3x3 pad=1
%p = global_avg_pool %c2
%f1 = linear %p weight=@f1.weight bias=@f1.bias out=8
%g1 = activation %f1 act=relu
%f2 = linear %g1 weight=@f2.weight bias=@f2.bias out=32
%g2 = activation %f2 act=sigmoid
%s = scale %c2 %g2
%a = add %s %r1
%r2 = activation %a act=relu
%q = global_avg_pool %r2
%fc = linear %q weight=@fc.weight bias=@fc.bias out=4
return %fc
)";

struct Built {
    TemporaryFolder folder;
    std::string library = folder.path() / "x86-64-cuda/libsmall.so";

    explicit Built(const std::string& variants) {
        const std::string graph = folder.path() / "small.graph", weights = folder.path() / "w.safetensors";
        std::ofstream(graph) << kGraph;
        CHECK(run(fmt::format("{{senetc}} weights {} -o {}", graph, weights)).status == 0);
        const Outcome built =
            run(fmt::format("{{senetc}} build {} --weights {} -o {} --target x86-64-cuda --variants {}", graph, weights,
                            folder.path().string(), variants));
        REQUIRE_MESSAGE(built.status == 0, built.errors);
    }
    Built(const Built&) = delete;
};

const std::string& library() {
    static const Built built("cuda,avx512,avx2");
    return built.library;
}

// senet with the fake driver as this machine's: `what` is its FAKE_CUDA.
Outcome run_on(const std::string& what, const std::string& command) {
    return run(fmt::format("LD_LIBRARY_PATH={} FAKE_CUDA={} {}", FAKE_CUDA_FOLDER, what, command));
}

long kernels_of(const std::string& detail) {
    return atol(detail.c_str());
}

}  // namespace

TEST_CASE(
    "libsenet runs a built network on a device: no allocation, copy or wait between its stages, for every batch") {
    const FakeMachine machine;
    senet_model_options options{};
    options.device = "cuda";
    senet_model* opened = nullptr;
    REQUIRE_MESSAGE(senet_model_open(library().c_str(), &options, &opened) == SENET_OK, senet_last_message());
    const Model model(opened);
    constexpr uint32_t kMaxBatch = 5;
    const Session session = open_gpu_session(model, kMaxBatch);
    REQUIRE_MESSAGE(session, senet_last_message());
    const std::vector<float> images(kMaxBatch * 3 * 32 * 32, 0.5f);
    const uint32_t steps = senet_model_variant(opened)->num_steps;
    std::vector<float> logits(kMaxBatch * 4);
    for (uint32_t batch = 1; batch <= kMaxBatch; ++batch) {
        CHECK(senet_session_run_f32(session.get(), batch, images.data(), logits.data()) == SENET_OK);
        fake_cuda::forget_calls();
        CHECK(senet_session_run_f32(session.get(), batch, images.data(), logits.data()) == SENET_OK);
        for (const char* name : {"cuMemAlloc", "cuMemFree", "cuModuleLoadDataEx", "cuStreamBeginCapture"})
            CHECK(count_calls(name) == 0);
        CHECK(count_calls("cuMemcpyHtoDAsync") + count_calls("cuMemcpyDtoHAsync") == 2);
        CHECK(count_calls("cuStreamSynchronize") == 1);
        CHECK(count_calls("cuGraphLaunch") == 1);
        for (const fake_cuda::Call& call : fake_cuda::calls()) {
            if (call.name != "cuGraphLaunch") continue;
            CHECK(kernels_of(call.detail) >= long{steps});
            CHECK(call.detail.find(", 0 copies") != std::string::npos);
        }
    }
}

TEST_CASE("every call that fails while a built network is opened is a status, and nothing is left") {
    const FakeMachine machine;
    senet_model_options options{};
    options.device = "cuda";
    const std::vector<float> images(2 * 3 * 32 * 32, 0.5f);
    std::vector<float> logits(2 * 4);
    constexpr int kUnknown = 999;
    for (long n = 1, fired = 1; fired; ++n) {
        fake_cuda::reset();
        fake_cuda::fail_call(n, kUnknown);
        senet_model* opened = nullptr;
        senet_status status = senet_model_open(library().c_str(), &options, &opened);
        {
            const Model model(opened);
            const Session session = status == SENET_OK ? open_gpu_session(model, 2) : nullptr;
            if (session) status = senet_session_run_f32(session.get(), 1, images.data(), logits.data());
        }
        fired = static_cast<long>(fake_cuda::calls().size()) >= n;
        CAPTURE(n);
        CHECK((fired || status == SENET_OK));
        CHECK(fake_cuda::alive() == "");
        CHECK(fake_cuda::violations() == std::vector<std::string>());
    }
    fake_cuda::reset();
}

TEST_CASE("senet takes the GPU that it finds, or says in one sentence why it can't") {
    const Outcome there = run_on("devices=1", "{senet} info " + library());
    CHECK(there.output.find("runs on      cuda:0, Fake 0, compute capability 9.0") != std::string::npos);
    const Outcome none = run_on("devices=0", "{senet} info " + library());
    CHECK(none.output.find("runs on      cpu") != std::string::npos);
    CHECK(none.output.find("not here: the NVIDIA driver offers no device") != std::string::npos);
    const Outcome refused = run_on("devices=0", "{senet} bench --device cuda --seconds 0 " + library());
    CHECK(refused.status == 2);
    CHECK(refused.errors.find("senet: the NVIDIA driver offers no device: cuInit failed with") == 0);
    CHECK(run_on("devices=1", "{senet} info --device cpu " + library()).output.find("runs on      cpu") !=
          std::string::npos);
}

TEST_CASE("senet info describes a library for GPUs alone where there is none; running it is refused") {
    const Built alone("cuda");
    const Outcome text = run_on("devices=0", "{senet} info " + alone.library);
    CHECK(text.status == 0);
    CHECK(text.errors == "");
    for (const char* line :
         {"name         small\n", "for batches of 32\n", " of maps, ", "runs on      nothing here\n",
          "variants       cuda, 6 steps, schedules: ", "; not here: the NVIDIA driver offers no device: cuInit failed"})
        CHECK_MESSAGE(text.output.find(line) != std::string::npos, line, text.output);
    const auto there = nlohmann::json::parse(run_on("devices=1", "{senet} info --json " + alone.library).output);
    auto here = nlohmann::json::parse(run_on("devices=0", "{senet} info --json " + alone.library).output);
    CHECK(here["runs_on"].is_null());
    CHECK(here["variants"][0]["runs_here"] == false);
    CHECK(here["variants"][0]["chosen"] == false);
    for (const char* fact : {"build_id", "weights_hash", "classes", "flags", "arena_bytes"})
        CHECK(here[fact] == there[fact]);

    const std::string no_device = "senet: the NVIDIA driver offers no device: cuInit failed";
    for (const std::string command : {"bench ", "run --tensors x --output y ", "info --device cuda "}) {
        const Outcome refused = run_on("devices=0", "{senet} " + command + alone.library);
        CHECK(refused.status == 2);
        CHECK_MESSAGE(refused.errors.find(no_device) == 0, refused.errors);
    }
}

TEST_CASE("senet bench and senet run leave nothing on the device, profiled too") {
    const TemporaryFolder folder;
    const std::string report = folder.path() / "report";
    const std::string clean = "alive \n";
    for (const std::string flags : {"", "--profile", "--batch 3"}) {
        const Outcome bench =
            run_on("devices=1", fmt::format("FAKE_CUDA_REPORT={} {{senet}} bench --device cuda:0 --seconds 0 {} {}",
                                            report, flags, library()));
        REQUIRE_MESSAGE(bench.status == 0, bench.errors);
        CHECK(bench.output.find("variant cuda") != std::string::npos);
        const std::string seen = read_text(report);
        CHECK(seen.find(clean) != std::string::npos);
        CHECK(seen.find("violation") == std::string::npos);
        CHECK((seen.find("cuGraphLaunch") != std::string::npos) == (flags != "--profile"));
    }
}
