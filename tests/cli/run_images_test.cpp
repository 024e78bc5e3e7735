// `senet run LIB PATHS...`, with a network that names the dominant colour.
#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "tests/cli/support/pictures.h"
#include "tests/cli/support/program.h"

using namespace senet::cli;
namespace fs = std::filesystem;

namespace {

struct Pictures {
    senetc::TemporaryFolder folder;
    const std::string library = colours_library(folder), images = folder / "images/";

    Pictures() {
        fs::create_directory(images);
        add("1.png", encode_png(uniform(9, 5, 255, 0, 51)));
        add("2.JPG", encode_jpeg(uniform(9, 5, 0, 255, 0)));
        add("4.png", encode_png(uniform(4, 4, 0, 51, 255)));
    }
    void add(const std::string& name, const FileBytes& bytes) { write_file(images + name, bytes); }
    void add_bad() { add("3.png", {'n', 'o'}); }
    Outcome run(std::vector<std::string> arguments, const std::string& input = "") const {
        arguments.insert(arguments.begin(), {"run", library});
        return senet_program(arguments, input);
    }
};

size_t files_in(const fs::path& folder) {
    return size_t(std::distance(fs::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("a folder's images are classified in order") {
    const Pictures p;
    const Outcome outcome = p.run({p.images, "--top", "2", "--output", "-"});
    CHECK(outcome.errors == "");
    CHECK(outcome.status == 0);
    CHECK(outcome.output.starts_with("path,top1_index,top1_label,top1_probability,top1_logit,top2_index,"));
    const size_t one = outcome.output.find("1.png,0,red,0.9996"), two = outcome.output.find("2.JPG,1,green,0.9999"),
                 four = outcome.output.find("4.png,2,\"blue, as the sky\",0.9996");
    CHECK(one < two);
    CHECK(two < four);
    CHECK(four != std::string::npos);
}

TEST_CASE("a bad file has an error row in its place, the rest go on, and the status is 1") {
    Pictures p;
    p.add_bad();
    for (const char* batch : {"1", "2", "8"}) {
        const Outcome outcome =
            p.run({p.images, p.images + "none.png", "--top", "1", "--batch", batch, "--output", "-"});
        CHECK(outcome.status == 1);
        const std::string error_row = p.images + "3.png,,,,,neither a JPEG nor a PNG image\n" + p.images + "4.png,2";
        CHECK(outcome.output.find(error_row) != std::string::npos);
        CHECK(outcome.output.ends_with("none.png,,,,,can't open the file: No such file or directory\n"));
    }
}

TEST_CASE("results don't depend on batch and threads") {
    Pictures p;
    p.add_bad();
    for (int i = 0; i < 40; i++)
        p.add(std::to_string(100 + i) + ".png", encode_png(uniform(3, 3, uint8_t(6 * i), 100, uint8_t(255 - i))));
    const Outcome first = p.run({p.images, "--output", "-", "--batch", "1", "--threads", "1"});
    CHECK(p.run({p.images, "--output", "-", "--batch", "7", "--threads", "3"}).output == first.output);
    CHECK(p.run({p.images, "--output", "-", "--batch", "64"}).output == first.output);
}

TEST_CASE("results go to a .csv or .json file, and nothing else stays") {
    const Pictures p;
    const std::string results = p.folder / "results";
    fs::create_directory(results);
    CHECK(p.run({p.images, "--output", results + "/x.csv"}).status == 0);
    CHECK(senetc::read_file(results + "/x.csv") == p.run({p.images, "--output", "-"}).output);
    CHECK(p.run({p.images, "--output", results + "/x.json"}).status == 0);
    CHECK(senetc::read_file(results + "/x.json") == p.run({p.images, "--format", "json"}).output);
    CHECK(files_in(results) == 2);
}

TEST_CASE("names come from standard input") {
    const Pictures p;
    const std::string one = p.images + "1.png", four = p.images + "4.png";
    const Outcome lines = p.run({"-", "--top", "1", "--output", "-"}, four + "\n" + one + "\n");
    CHECK(lines.output.find(four + ",2") < lines.output.find(one + ",0"));
    CHECK(lines.status == 0);
    CHECK(p.run({"-", "-0", "--top", "1", "--output", "-"}, four + '\0' + one + '\0').output == lines.output);
}

TEST_CASE("people get aligned lines") {
    const Pictures p;
    CHECK(p.run({p.images + "4.png", "--top", "2"}).output ==
          p.images +
              "4.png\n   1  blue, as the sky   99.96 %   logit 10\n   2  green               0.03 %   logit 2\n");
}

TEST_CASE("labels, mean and deviation given at the run replace the library's") {
    const Pictures p;
    senetc::write_file(p.folder / "labels", "rot\ngruen\nblau\n");
    const Outcome outcome = p.run({"--labels", p.folder / "labels", "--mean", "1,0,-1", "--std", "1,1,0.5",
                                   p.images + "1.png", "--top", "3", "--output", "-"});
    CHECK(outcome.output.find(",2,blau,") < outcome.output.find(",0,rot,"));  // logits 24, 0 and 0
    CHECK(outcome.output.find(",24,") != std::string::npos);
}

TEST_CASE("--class-folders prints accuracy with its counts") {
    const Pictures p;
    for (const char* name : {"red/a.png", "red/b.png", "green/c.png"}) {
        fs::create_directories(fs::path(p.images + name).parent_path());
        write_file(p.images + name, encode_png(uniform(4, 4, 200, 0, 0)));
    }
    const Outcome outcome =
        p.run({p.images + "red", p.images + "green", "--class-folders", "--output", p.folder / "x.csv"});
    CHECK(outcome.output == "top-1 66.67 % (2 of 3), top-5 100.00 % (3 of 3)\n");
    CHECK(outcome.status == 0);
}

TEST_CASE("a run into a file ends by saying how fast it was and what bound it") {
    const Pictures p;
    const Outcome outcome = p.run({p.images, "--output", p.folder / "x.csv"});
    CHECK(outcome.errors.starts_with("3 images, "));
    CHECK(outcome.errors.find(" images/s; ") != std::string::npos);
    CHECK(outcome.errors.find(" was the limit: ") != std::string::npos);
    CHECK(p.run({p.images}).errors == "");
}

TEST_CASE("folders that stand for no class leave the rows written, with a sentence and status 1") {
    const Pictures p;
    const Outcome outcome = p.run({p.images, "--class-folders", "--output", p.folder / "x.csv"});
    CHECK(outcome.status == 1);
    CHECK(outcome.errors.find("\nsenet: --class-folders: folder 'images' is no label") != std::string::npos);
    CHECK(senetc::read_file(p.folder / "x.csv").find("4.png,2,") != std::string::npos);
}

TEST_CASE("an output that is not finite is an error row") {
    const Pictures p;
    const Outcome outcome = p.run({p.images, "--variant", "infinite", "--top", "1", "--output", "-"});
    CHECK(outcome.status == 1);
    CHECK(outcome.output.find("1.png,,,,,the network's output is not finite\n") != std::string::npos);
    CHECK(outcome.output.find("4.png,2,") != std::string::npos);
}

TEST_CASE("when nothing can be done, the status is 2 and one sentence says why") {
    const Pictures p;
    const auto refusal = [&](std::vector<std::string> arguments) {
        const Outcome outcome = senet_program(std::move(arguments));
        CHECK(outcome.status == 2);
        CHECK(outcome.output == "");
        CHECK(outcome.errors.starts_with("senet: "));
        CHECK(outcome.errors.find('\n') == outcome.errors.size() - 1);
        return outcome.errors;
    };
    fs::create_directory(p.folder / "empty");
    const std::string image = p.images + "1.png";
    CHECK(refusal({"run", p.library, p.folder / "empty"}).find("no images found") != std::string::npos);
    CHECK(refusal({"run", p.library}).find("name images or folders") != std::string::npos);
    CHECK(refusal({"run", p.folder / "nothing.so", image}).find("nothing.so") != std::string::npos);
    CHECK(refusal({"run", p.library, image, "--output", "x.txt"}).find(".csv or .json") != std::string::npos);
    CHECK(refusal({"run", p.library, image, "--output", p.folder / "no/x.csv"}).find("No such file") !=
          std::string::npos);
    CHECK(refusal({"run", p.library, image, "--crop", "4by4"}).find("height x width") != std::string::npos);
    CHECK(refusal({"run", p.library, image, "--crop", "9x9", "--resize", "8"}).find("doesn't fit") !=
          std::string::npos);
    CHECK(refusal({"run", p.library, image, "--mean", "1"}).find("--std") != std::string::npos);
    CHECK(refusal({"run", p.library, image, "--mean", "1", "--std", "1"}).find("3 numbers") != std::string::npos);
    CHECK(refusal({"run", p.library, image, "--mean", "1,2,x", "--std", "1,1,1"}).find("--mean '1,2,x'") !=
          std::string::npos);
    CHECK(refusal({"run", p.library, image, "--mean", "1,2,3", "--std", "1,0,1"}).find("deviation") !=
          std::string::npos);
    CHECK(refusal({"run", p.library, image, "--variant", "avx1024"}).find("avx1024") != std::string::npos);
    CHECK(refusal({"run", p.library, image, "--top", "0"}).find("--top") != std::string::npos);
    CHECK(refusal({"run", p.library, image, "--labels", p.images + "2.JPG"}).find("lines") != std::string::npos);
    CHECK(refusal({"run", p.library, image, "--stages"}).find("--tensors") != std::string::npos);
    CHECK(refusal({}).find("senet --help") != std::string::npos);
    CHECK(refusal({"walk"}).find("senet --help") != std::string::npos);
}

TEST_CASE("--help and --version answer on standard output") {
    CHECK(senet_program({"--version"}).output.starts_with("senet "));
    for (const char* command : {"run", "bench", "info"}) {
        const Outcome outcome = senet_program({command, "--help"});
        CHECK(outcome.status == 0);
        CHECK(outcome.output.find("LIB") != std::string::npos);
    }
    CHECK(senet_program({"run", "--help"}).output.find("Exit status") != std::string::npos);
}

TEST_CASE("interrupted, senet leaves no file behind and the older results as they were") {
    const Pictures p;
    const std::string results = p.folder / "results";
    fs::create_directory(results);
    senetc::write_file(results + "/x.csv", "older");
    for (const int signal : {SIGINT, SIGTERM}) {
        std::string names;
        for (int i = 0; i < 1000; i++) names += p.images + "1.png\n";
        Program program({"run", p.library, "-", "--variant", "slow", "--output", results + "/x.csv"}, names);
        for (int i = 0; i < 1000 && files_in(results) < 2; i++)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        CHECK(files_in(results) == 2);
        kill(program.pid(), signal);
        CHECK(program.wait().status == 130);
        CHECK(files_in(results) == 1);
        CHECK(senetc::read_file(results + "/x.csv") == "older");
    }
}
