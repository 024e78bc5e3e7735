#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "runtime/cli/error.h"
#include "runtime/cli/output/output_file.h"
#include "tests/runtime/support/files.h"

using namespace senet::cli;
namespace fs = std::filesystem;

namespace {

size_t entries(const fs::path& folder) {
    return size_t(std::distance(fs::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("a file appears with commit, whole, and not before") {
    const senetc::TemporaryFolder folder;
    const std::string path = folder / "out.csv";
    OutputFile file(path);
    const std::string text(200000, 'x');
    file.write(text);
    CHECK(!fs::exists(path));
    file.commit();
    CHECK(senetc::read_file(path) == text);
    CHECK(entries(folder / "") == 1);
}

TEST_CASE("without commit nothing stays, and an older file is untouched") {
    const senetc::TemporaryFolder folder;
    senetc::write_file(folder / "out.csv", "older");
    { OutputFile(folder / "out.csv").write(std::string(200000, 'x')); }
    CHECK(senetc::read_file(folder / "out.csv") == "older");
    CHECK(entries(folder / "") == 1);
}

TEST_CASE("a new file has the permissions that any program would give it") {
    const senetc::TemporaryFolder folder;
    const mode_t before = umask(027);
    OutputFile file(folder / "out.csv");
    file.commit();
    umask(before);
    struct stat status {};
    REQUIRE(stat((folder / "out.csv").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0640);
}

TEST_CASE("a symbolic link stays one; what it points to is replaced") {
    const senetc::TemporaryFolder folder;
    senetc::write_file(folder / "real", "older");
    fs::create_symlink("real", folder / "link");
    OutputFile file(folder / "link");
    file.write("newer");
    file.commit();
    CHECK(fs::is_symlink(folder / "link"));
    CHECK(senetc::read_file(folder / "real") == "newer");
}

TEST_CASE("a device is written directly and stays a device") {
    OutputFile file("/dev/null");
    CHECK(!file.seekable());
    file.write("x");
    file.commit();
    CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a place that can't be written is named at once") {
    const senetc::TemporaryFolder folder;
    CHECK_THROWS_AS(OutputFile(folder / "no/such/out.csv"), Error);
    CHECK_THROWS_AS(OutputFile(folder / ""), Error);
}

TEST_CASE("write_at fills a file in any order") {
    const senetc::TemporaryFolder folder;
    OutputFile file(folder / "out");
    file.write_at(3, "def", 3);
    file.write_at(0, "abc", 3);
    file.commit();
    CHECK(senetc::read_file(folder / "out") == "abcdef");
}
