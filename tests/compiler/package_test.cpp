// A package's files, seen from outside: symbols, linking, reproducibility, errors.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "models/error.h"
#include "tests/compiler/package_fixture.h"

namespace senetc::test {
namespace fs = std::filesystem;

namespace {

struct Symbol {
    char type;
    std::string name;
};

std::vector<Symbol> symbols(const std::string& options, const fs::path& file) {
    const Output nm = shell(fmt::format("'{}' --format=posix {} '{}'", NM, options, file.string()));
    REQUIRE_MESSAGE(nm.status == 0, nm.text);
    std::vector<Symbol> found;
    std::istringstream lines(nm.text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        Symbol symbol;
        if (words >> symbol.name >> symbol.type) found.push_back(symbol);
    }
    return found;
}

std::set<std::string> names(const std::string& options, const fs::path& file) {
    std::set<std::string> found;
    for (const Symbol& symbol : symbols(options, file)) found.insert(symbol.name);
    return found;
}

std::string error_of(const PackageInput& input) {
    try {
        write_package(input);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

void check_contains(const std::string& text, const std::string& part) {
    CHECK_MESSAGE(text.find(part) != std::string::npos, fmt::format("'{}' in '{}'", part, text));
}

}  // namespace

TEST_CASE("a shared library exports its query function and needs memcpy and memset, no library, no executable stack") {
    const TestFolder folder;
    write_package(make_input(folder, "outside"));
    const fs::path library = folder / "dist/liboutside.so";
    CHECK(names("-D --defined-only", library) == std::set<std::string>{"senet_model_outside"});
    CHECK(names("-D --undefined-only", library) == std::set<std::string>{"memcpy", "memset"});
    const Output headers = shell(fmt::format("LC_ALL=C '{}' -dlW '{}'", READELF, library.string()));
    CHECK(headers.status == 0);
    CHECK(headers.text.find("NEEDED") == std::string::npos);
    CHECK(headers.text.find("RWE") == std::string::npos);
    CHECK(headers.text.find("TEXTREL") == std::string::npos);
    check_contains(headers.text, "[liboutside.so]");
    check_contains(headers.text, "GNU_RELRO");
    check_contains(headers.text, "GNU_STACK");
}

TEST_CASE("an archive holds one object with one global symbol; all others are local and bear the model's name") {
    const TestFolder folder;
    write_package(make_input(folder, "inside"));
    const fs::path archive = folder / "dist/libinside.a";
    for (const Symbol& symbol : symbols("--defined-only", archive)) {
        const bool global = symbol.type >= 'A' && symbol.type <= 'Z';
        CHECK(global == (symbol.name == "senet_model_inside"));
        if (!global) CHECK_MESSAGE(symbol.name.starts_with("inside."), symbol.name);
    }
    CHECK(names("--undefined-only", archive) == std::set<std::string>{"memcpy", "memset"});
    CHECK(names("", archive).count("inside.package_double_argv") == 1);
    const Output members = shell(fmt::format("'{}' t '{}'", AR, archive.string()));
    CHECK(members.text == "inside.o\n");
}

TEST_CASE("what no step calls is left out") {
    const TestFolder folder;
    PackageInput input = make_input(folder, "lean");
    input.objects.push_back(NEEDY_KERNEL);
    write_package(input);
    CHECK(names("", folder / "dist/liblean.a").count("lean.package_needy_argv") == 0);
}

TEST_CASE("two models with the same kernels link into one program") {
    const TestFolder folder;
    write_package(make_input(folder, "first"));
    write_package(make_input(folder, "second_one"));
    write(folder / "main.c", R"(
#include <stdio.h>
#include "senet/model_abi.h"
#include "first.h"
#include "second_one.h"
int main(void) {
    const struct senet_model_v1* a = senet_model_first(1);
    const struct senet_model_v1* b = senet_model_second_one(1);
    printf("%s %d %s %d %d\n", a->name, a->weights[0], b->name, b->weights[0],
           a->variants[0].steps[0].entry != b->variants[0].steps[0].entry);
    return 0;
})");
    const std::string dist = folder / "dist", program = folder / "program";
    const Output compiled = shell(fmt::format(
        "'{}' -std=c99 -pedantic -Wall -Wextra -Werror -Wl,--fatal-warnings -I'{}' -I'{}' '{}' "
        "'{}/libfirst.a' '{}/libsecond_one.a' -o '{}'",
        C_COMPILER, dist, SENETC_SOURCE "/runtime/include", (folder / "main.c").string(), dist, dist, program));
    REQUIRE_MESSAGE(compiled.status == 0, compiled.text);
    CHECK(shell("'" + program + "'").text == "first 5 second_one 10 1\n");
}

TEST_CASE("the header compiles alone as C99 and as C++, and has the shapes") {
    const TestFolder folder;
    write_package(make_input(folder, "shapes"));
    const std::string program = R"(
#include "shapes.h"
#include "shapes.h"
int sizes[SHAPES_CHANNELS == 3 && SHAPES_HEIGHT == 5 && SHAPES_WIDTH == 7 && SHAPES_CLASSES == 4 ? 1 : -1];
const void* use(void);
const void* use(void) { return senet_model_shapes(1); }
)";
    write(folder / "dist/use.c", program);
    write(folder / "dist/use.cpp", program);
    const std::string strict = "-pedantic -Wall -Wextra -Werror -c -o /dev/null", dist = folder / "dist";
    for (const std::string& compiler : {fmt::format("'{}' -std=c99 {} '{}/use.c'", C_COMPILER, strict, dist),
                                        fmt::format("'{}' -std=c++11 {} '{}/use.cpp'", CXX_COMPILER, strict, dist)}) {
        const Output compiled = shell(compiler);
        CHECK_MESSAGE(compiled.status == 0, compiled.text);
    }
}

TEST_CASE("two builds are equal byte for byte, wherever they and their inputs lie") {
    const TestFolder first, second;
    for (const bool beside : {false, true}) {
        PackageInput a = make_input(first, "same", 100000);
        PackageInput b = make_input(second, "same", 100000);
        fs::create_directories(second / "a/longer/path/to/the");
        fs::copy_file(PACKAGE_KERNELS, second / "a/longer/path/to/the/kernels.o", fs::copy_options::overwrite_existing);
        b.objects = {second / "a/longer/path/to/the/kernels.o"};
        b.output_folder = second / "other/place";
        a.weights_beside = b.weights_beside = beside;
        const std::vector<std::string> files = write_package(a), again = write_package(b);
        REQUIRE(files.size() == again.size());
        for (size_t i = 0; i < files.size(); i++) CHECK_MESSAGE((read(files[i]) == read(again[i])), files[i]);
        for (const std::string& file : files)
            CHECK_MESSAGE(read(file).find(first.path().filename()) == std::string::npos, file);
    }
}

TEST_CASE("a package replaces an older one") {
    const TestFolder folder;
    PackageInput input = make_input(folder, "again");
    write_package(input);
    input.plan.description = "the newer one";
    write_package(input);
    check_contains(read(folder / "dist/libagain.so"), "the newer one");
    CHECK(list(folder / "dist") == std::vector<std::string>{"again.h", "libagain.a", "libagain.so"});
}

TEST_CASE("a name that is no C identifier of 1 to 80 small letters, digits and underscores is refused") {
    const TestFolder folder;
    for (const std::string& name : {std::string(), std::string("Net"), std::string("a-b"), std::string("../x"),
                                    std::string("a b"), std::string("3net"), std::string("_x"), std::string(81, 'a')}) {
        PackageInput input = make_input(folder, "fine");
        input.plan.name = name;
        check_contains(error_of(input), fmt::format("'{}' can't name a model", name));
    }
    CHECK_FALSE(fs::exists(folder / "dist"));
    const std::string longest(80, 'a');
    PackageInput input = make_input(folder, "fine");
    input.plan.name = longest;
    CHECK(error_of(input) == "");
    CHECK(fs::exists(folder / ("dist/lib" + longest + ".so")));
}

TEST_CASE("what can't be packaged is said in one sentence, leaves nothing behind and spoils no later package") {
    const TestFolder folder;
    PackageInput input = make_input(folder, "broken");
    std::string expected;
    SUBCASE("an object twice") {
        input.objects.push_back(PACKAGE_KERNELS);
        expected = "duplicate symbol: package_double_argv";
    }
    SUBCASE("a kernel that is missing") {
        input.plan.variants[1].steps[0].entry = "k7_argv";
        expected = "'k7_argv', which no object defines";
    }
    SUBCASE("a kernel that needs its process's libraries") {
        input.objects.push_back(NEEDY_KERNEL);
        input.plan.variants[1].steps[0].entry = "package_needy_argv";
        expected = "'puts', which no object defines";
    }
    SUBCASE("an object that is none") {
        write(folder / "junk.o", "no object at all");
        input.objects.push_back(folder / "junk.o");
        expected = "junk.o";
    }
    SUBCASE("weights that are missing") {
        input.weights = folder / "nowhere";
        expected = input.weights + ": can't be opened";
    }
    SUBCASE("weights that the disk has no room for") {
        fs::resize_file(input.weights, 4'000'000'000'000);  // a hole: it takes no room itself
        expected = "needs 20000016 MB";
    }
    SUBCASE("labels for other classes") {
        input.plan.labels.pop_back();
        expected = "4 classes but 3 labels";
    }
    SUBCASE("an argument that is no buffer") {
        input.plan.variants[0].ingest[1].args[0] = 4;
        expected = "step 'bytes' of variant 'avx512'";
    }
    SUBCASE("a system that is not ELF") {
        input.triple = "x86_64-pc-windows-msvc";
        expected = "x86_64-pc-windows-msvc";
    }
    SUBCASE("objects of another machine") {
        input.triple = "aarch64-unknown-linux-gnu";
        expected = "incompatible with";
    }
    const std::string error = error_of(input);
    check_contains(error, expected);
    CHECK(error.find('\n') == std::string::npos);
    CHECK_FALSE(fs::exists(folder / "dist"));
    CHECK(error_of(make_input(folder, "fine")) == "");
    CHECK(list(folder / "dist").size() == 3);
}

TEST_CASE("a folder that can't be written to is named, and what was there stays as it was") {
    const TestFolder folder;
    PackageInput input = make_input(folder, "homeless");
    write(folder / "file", "a file");
    input.output_folder = folder / "file/dist";
    check_contains(error_of(input), "can't write to the output folder '" + input.output_folder + "'");

    input.output_folder = folder / "dist";
    write(folder / "dist/homeless.h", "an older header");
    fs::create_directories(folder / "dist/libhomeless.so");
    check_contains(error_of(input), "'libhomeless.so' is a folder there");
    CHECK(list(folder / "dist") == std::vector<std::string>{"homeless.h", "libhomeless.so"});
    CHECK(read(folder / "dist/homeless.h") == "an older header");
}

}  // namespace senetc::test
