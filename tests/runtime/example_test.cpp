// docs/example.c, compiled as strict C99 against libsenet.so alone, classifies; and what libsenet.so needs and shows.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "tests/runtime/support/files.h"
#include "tests/runtime/support/toy_reference.h"
#include "tests/runtime/toy/toy.h"

using namespace senetc;

namespace {

std::string output_of(const std::string& command) {
    FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe);
    std::string text;
    std::array<char, 4096> buffer;
    while (const size_t count = fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), count);
    CHECK(pclose(pipe) == 0);
    return text;
}

}  // namespace

TEST_CASE("the C program of the docs prints the best class of an image") {
    TemporaryFolder folder;
    write_file(folder / "libtoy.so", toy_library());
    const std::vector<float> image = toy_images(1);
    write_file(folder / "image.f32", {reinterpret_cast<const char*>(image.data()), image.size() * sizeof(float)});
    const std::string text = output_of(EXAMPLE " " + (folder / "libtoy.so") + " < " + (folder / "image.f32"));

    const std::vector<double> logits = evaluate_toy({image.begin(), image.end()}).dense;
    const size_t best = static_cast<size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
    std::istringstream words(text);
    std::string label;
    double logit = 0;
    words >> label >> logit;
    CHECK(label == senet_model_toy(1)->labels[best]);
    CHECK(logit == doctest::Approx(logits[best]).epsilon(1e-4));
}

TEST_CASE("a refused model is a sentence on the example's standard error") {
    CHECK(output_of("! " EXAMPLE " /no/such.so 2>&1") ==
          "opening the model: /no/such.so can't be opened: No such file or directory\n");
}

#ifdef LIBSENET
TEST_CASE("libsenet.so needs libc alone") {
    std::istringstream lines(output_of("LC_ALL=C readelf -d " LIBSENET));
    int needed = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line.find("(NEEDED)") == std::string::npos) continue;
        ++needed;
        const bool libc = line.find("[libc.so.6]") != std::string::npos || line.find("[ld-linux") != std::string::npos;
        INFO(line);
        CHECK(libc);
    }
    CHECK(needed > 0);
}

TEST_CASE("libsenet.so exports the API and nothing else") {
    std::istringstream lines(output_of("LC_ALL=C nm -D --defined-only " LIBSENET));
    int functions = 0;
    for (std::string address, kind, name; lines >> address >> kind >> name; ++functions) {
        INFO(name);
        CHECK(name.rfind("senet_", 0) == 0);
        CHECK(kind == "T");
    }
    CHECK(functions == 19);
}
#endif
