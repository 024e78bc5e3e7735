#include "generators/compiler/cubins.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <memory>

#include "generators/compiler/temporary_folder.h"
#include "models/error.h"

using namespace senetc;

namespace {

constexpr const char* kPtx =
    ".version 6.0\n.target sm_70\n.address_size 64\n"
    ".visible .entry set(.param .u64 out) {\n.reg .b64 %a;\nld.param.u64 %a, [out];\ncvta.to.global.u64 %a, %a;\n"
    "st.global.u32 [%a], 7;\nret;\n}\n";

// A ptxas of the test's own, first in $PATH.
class StandIn {
  public:
    explicit StandIn(const std::string& script) : before_(std::getenv("PATH")) {
        const std::string path = folder_.path() / "ptxas";
        std::ofstream(path) << "#!/bin/sh\n" << script;
        chmod(path.c_str(), 0755);
        setenv("PATH", (folder_.path().string() + ":" + before_).c_str(), 1);
    }
    ~StandIn() { setenv("PATH", before_.c_str(), 1); }

  private:
    const TemporaryFolder folder_;
    const std::string before_;
};

std::string error_of(const auto& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

const Ptxas* installed() {
    static const std::unique_ptr<Ptxas> ptxas = []() -> std::unique_ptr<Ptxas> {
        try {
            return std::make_unique<Ptxas>(find_ptxas());
        } catch (const Error&) {
            MESSAGE("SKIPPED: this machine has no ptxas");
            return nullptr;
        }
    }();
    return ptxas.get();
}

}  // namespace

TEST_CASE("architectures are named as NVIDIA does, each counts once") {
    const StandIn ptxas("echo 'Cuda compilation tools, release 13.0, V13.0.88'");
    const Cubins cubins = parse_cuda_archs({"sm_90", "sm_80", "sm_90"});
    CHECK(cubins.capabilities == std::vector<int>{80, 90});
    CHECK(cubins.ptxas.version == "13.0.88");
    CHECK(to_string(cubins) == " sm_80,sm_90 by ptxas 13.0.88");
    CHECK(parse_cuda_archs({}).capabilities.empty());
    CHECK(to_string(Cubins{}).empty());
    for (const char* bad : {"80", "sm80", "sm_8", "sm_9000", "sm_90a", "compute_80", ""}) {
        INFO(bad);
        CHECK(error_of([&] { parse_cuda_archs({bad}); }).find("as sm_80 or sm_90") != std::string::npos);
    }
}

TEST_CASE("a ptxas that fails is quoted in one sentence") {
    const StandIn ptxas("case $1 in --version) echo V1.2;; *) echo 'no such'; echo arch; exit 1;; esac");
    const Cubins cubins = parse_cuda_archs({"sm_80"});
    CHECK(error_of([&] { assemble(kPtx, cubins); }) == "ptxas 1.2 makes no code for sm_80 of it: no such arch");
}

TEST_CASE("a ptxas that isn't one is no ptxas") {
    const StandIn ptxas("exit 3");
    CHECK(error_of([] { find_ptxas(); }).find("doesn't say its version") != std::string::npos);
}

TEST_CASE("PTX becomes an ELF file for each architecture") {
    if (installed() == nullptr) return;
    const Cubins cubins = parse_cuda_archs({"sm_80", "sm_90"});
    const std::vector<PlanGpuCode> codes = assemble(kPtx, cubins);
    REQUIRE(codes.size() == 2);
    CHECK(codes[0].capability == 80);
    CHECK(codes[1].capability == 90);
    for (const PlanGpuCode& code : codes) CHECK(code.cubin.substr(1, 3) == "ELF");
    CHECK(codes[0].cubin != codes[1].cubin);
    CHECK(assemble(kPtx, {}).empty());
    CHECK(error_of([&] { assemble("nonsense", cubins); }).find("makes no code for sm_80") != std::string::npos);
}
