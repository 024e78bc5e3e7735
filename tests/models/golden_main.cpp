#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>

int main(int argc, char** argv) {
    if (!std::filesystem::exists(SENETC_SHARED "/reference/goldens.json")) {
        std::puts("SKIPPED: needs " SENETC_SHARED "/reference/goldens.json");
        return 77;
    }
    return doctest::Context(argc, argv).run();
}
