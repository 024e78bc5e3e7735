// The broken and odd files of shared/data/bad-images (PngSuite and files that fuzzers found): which are pictures.
// Pillow agrees on all but two: it doesn't check the checksum of pixel data (xcsn0g01.png), and its newer libjpeg
// refuses afl-19.jpg.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "runtime/cli/error.h"
#include "runtime/cli/image/decode.h"
#include "runtime/cli/input/read_file.h"

using namespace senet::cli;
namespace fs = std::filesystem;

namespace {

const fs::path folder = fs::path(SENETC_SHARED) / "data/bad-images";

// PNGs: by folder. JPEGs: of afl-01.jpg to afl-54.jpg these are pictures.
const std::set<std::string> good_folders = {"primary", "primary_check", "16bit"}, bad_folders = {"corrupt", "iphone"};
const std::set<std::string> good_jpegs = {"afl-02.jpg", "afl-03.jpg", "afl-04.jpg",
                                          "afl-19.jpg", "afl-30.jpg", "afl-52.jpg"};

bool is_picture(const fs::path& path) {
    const std::string in = path.parent_path().filename();
    REQUIRE((in == "jpeg" || good_folders.contains(in) || bad_folders.contains(in)));
    return in == "jpeg" ? good_jpegs.contains(path.filename()) : good_folders.contains(in);
}

}  // namespace

TEST_CASE("every file of bad-images is a picture or gives a sentence, as listed") {
    if (!fs::is_directory(folder)) {
        MESSAGE("SKIPPED: needs shared/data/bad-images");
        return;
    }
    int files = 0;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
        const std::string extension = entry.path().extension();
        if (extension != ".png" && extension != ".jpg") continue;
        CAPTURE(entry.path());
        files++;
        std::string error;
        try {
            const Image image = decode_image(read_file(entry.path()));
            CHECK(image.rgb.size() == size_t(image.width) * size_t(image.height) * 3);
        } catch (const Error& e) {
            error = e.what();
        }
        CAPTURE(error);
        CHECK(error.empty() == is_picture(entry.path()));
    }
    CHECK(files > 200);
}
