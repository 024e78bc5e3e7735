#include <doctest/doctest.h>

#include <cstdio>

#include "tests/stages/check_stages.h"
#include "tests/stages/opencl.h"

int main(int argc, char** argv) {
    using namespace senetc::test;
    if (emulated() && !missing_for_arm().empty()) {
        std::printf("SKIPPED: kernels for %s need %s: run ./setup --tests\n", target_under_test().name.c_str(),
                    missing_for_arm().c_str());
        return 77;
    }
    if (on_gpu() && !missing_for_opencl().empty()) {
        std::printf("SKIPPED: kernels for GPUs need %s: run ./setup --tests\n", missing_for_opencl().c_str());
        return 77;
    }
    return doctest::Context(argc, argv).run();
}
