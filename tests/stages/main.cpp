// Exit status 77: skipped, since the target's kernels can't be run here.
#include <doctest/doctest.h>

#include "tests/stages/check_stages.h"

int main(int argc, char** argv) {
    if (!senetc::test::target_runs_here()) return 77;
    return doctest::Context(argc, argv).run();
}
