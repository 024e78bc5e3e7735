#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "runtime/cli/input/decoders.h"
#include "runtime/cli/input/find_images.h"
#include "tests/runtime/support/files.h"

using namespace senet::cli;
using Paths = std::vector<std::string>;

namespace {

void touch(const std::string& path) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    senetc::write_file(path, "");
}

// All paths, without the folder before them.
Paths find(const Paths& paths, const std::string& folder = "", ImageFinder::Options options = {}) {
    ImageFinder finder(paths, options);
    Paths found;
    while (const auto path = finder.next()) {
        const bool inside = !folder.empty() && path->path.starts_with(folder);
        found.push_back((inside ? path->path.substr(folder.size()) : path->path) + (path->error.empty() ? "" : "!"));
    }
    return found;
}

Paths find_on_standard_input(const std::string& text, bool null_separated) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    REQUIRE(write(ends[1], text.data(), text.size()) == ssize_t(text.size()));
    close(ends[1]);
    const Paths found = find({"first.png", "-", "last.png"}, "", {null_separated, ends[0]});
    close(ends[0]);
    return found;
}

}  // namespace

TEST_CASE("a folder is searched for images in the order of its paths' bytes") {
    const senetc::TemporaryFolder folder;
    for (const char* name :
         {"b.png", "a/z.jpg", "a.jpeg", "a-b.JPG", "Z.Png", "a/b/c.jpe", "notes.txt", "png", "\xc3\xa4.jfif"}) {
        touch(folder / name);
    }
    const Paths expected = {"Z.Png", "a-b.JPG", "a.jpeg", "a/b/c.jpe", "a/z.jpg", "b.png", "\xc3\xa4.jfif"};
    CHECK(find({folder / ""}, folder / "") == expected);
    Paths sorted = expected;
    std::sort(sorted.begin(), sorted.end());
    CHECK(sorted == expected);
}

TEST_CASE("a file named by the user is taken whatever its name, missing or not, in the order of naming") {
    CHECK(find({"/no/such", "b.txt", "a.png"}) == Paths{"/no/such", "b.txt", "a.png"});
}

TEST_CASE("symbolic links are followed, but not round in circles") {
    const senetc::TemporaryFolder folder;
    touch(folder / "a/x.png");
    std::filesystem::create_directory_symlink("..", folder / "a/up");
    std::filesystem::create_directory_symlink("a", folder / "b");
    std::filesystem::create_symlink("a/x.png", folder / "c.png");
    std::filesystem::create_symlink("nowhere", folder / "broken.png");
    CHECK(find({folder / ""}, folder / "") == Paths{"a/x.png", "b/x.png", "broken.png", "c.png"});
}

TEST_CASE("pipes and other things that a folder holds are passed over") {
    const senetc::TemporaryFolder folder;
    REQUIRE(mkfifo((folder / "pipe.png").c_str(), 0600) == 0);
    std::filesystem::create_directory(folder / "empty.png");
    CHECK(find({folder / ""}).empty());
}

TEST_CASE("'-' reads names from standard input, one a line, or ended by NUL") {
    CHECK(find_on_standard_input("a b.png\r\n\nc.png", false) == Paths{"first.png", "a b.png", "c.png", "last.png"});
    CHECK(find_on_standard_input(std::string("a\nb.png\0c.png\0", 14), true) ==
          Paths{"first.png", "a\nb.png", "c.png", "last.png"});
    CHECK(find_on_standard_input("", false) == Paths{"first.png", "last.png"});
}

TEST_CASE("decoders hand images out in order, keep few waiting, and turn exceptions into errors") {
    std::atomic<int> found = 0, taken = 0, most = 0;
    const auto next = [&](std::stop_token) -> std::optional<FoundPath> {
        if (found == 500) return std::nullopt;
        most = std::max<int>(most, found - taken);
        return FoundPath{std::to_string(found++), ""};
    };
    const auto decode = [](const std::string& path) {
        if (path.ends_with('7')) throw std::runtime_error("no sevens");
        if (path.ends_with('3')) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return std::vector<uint8_t>(1, uint8_t(std::stoi(path)));
    };
    Decoders decoders(next, decode, 4, 10);
    for (; auto image = decoders.next(); taken++) {
        REQUIRE(image->path == std::to_string(taken));
        REQUIRE(image->error == (image->path.ends_with('7') ? "no sevens" : ""));
        if (image->error.empty()) REQUIRE(image->pixels[0] == uint8_t(taken));
    }
    CHECK(taken == 500);
    CHECK(most <= 10);
}

TEST_CASE("decoders end although nobody takes their images, and pass on what the search throws") {
    {
        const Decoders unused(
            [](std::stop_token) {
                return FoundPath{"x", ""};
            },
            [](const std::string&) { return std::vector<uint8_t>(); }, 3, 2);
    }
    Decoders failing([](std::stop_token) -> std::optional<FoundPath> { throw std::runtime_error("lost"); },
                     [](const std::string&) { return std::vector<uint8_t>(); }, 2, 2);
    CHECK_THROWS_WITH(failing.next(), "lost");
}

TEST_CASE("waiting for standard input ends when decoders are no longer needed") {
    int ends[2];
    REQUIRE(pipe(ends) == 0);  // nobody writes
    ImageFinder finder({"-"}, {false, ends[0]});
    {
        const Decoders waiting([&](std::stop_token stop) { return finder.next(stop); },
                               [](const std::string&) { return std::vector<uint8_t>(); }, 2, 2);
    }
    close(ends[0]);
    close(ends[1]);
}
