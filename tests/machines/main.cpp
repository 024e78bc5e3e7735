// Exit status 77: skipped, since the machine can't be imitated here.
#include <doctest/doctest.h>

#include "tests/machines/machines.h"

int main(int argc, char** argv) {
    if (!senetc::test::NEEDED()) return 77;
    return doctest::Context(argc, argv).run();
}
