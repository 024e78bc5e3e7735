// senetc as its users meet it: what it builds, what it says, what it leaves behind.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <vector>

#include "tests/programs/programs.h"

using namespace senetc;
using namespace senetc::test;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> files_below(const fs::path& folder) {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) files.push_back(entry.path());
    return files;
}

// What "build id" says in senet info.
std::string build_id(const fs::path& folder) {
    const Outcome info = run(fmt::format("{{senet}} info {}/x86-64/libse_resnet20_cifar.so", folder.string()));
    const size_t at = info.output.find("\nbuild id");
    REQUIRE_MESSAGE(at != std::string::npos, info.errors);
    return info.output.substr(at + 1, info.output.find('\n', at + 1) - at - 1);
}

}  // namespace

TEST_CASE("the same inputs give the same bytes, whatever folder, cache, home, locale, time zone, umask and jobs") {
    const TemporaryFolder a, b;
    const std::string build = "{{senetc}} build se_resnet20_cifar --variants avx2 --weights {} -o {} --cache {}/cache";
    CHECK(
        run(fmt::format(fmt::runtime(build), kTrainedWeights, a.path().string(), a.path().string()) + " -j 1").status ==
        0);
    fs::create_directory(b.path() / "tmp");
    fs::copy_file(kTrainedWeights, b.path() / "copy.safetensors");
    const std::string elsewhere = fmt::format(
        "cd {0} && umask 0027 && env -i PATH=\"$PATH\" TMPDIR={0}/tmp HOME={0} USER=somebody LC_ALL=C.UTF-8 "
        "LANG=de_DE.UTF-8 TZ=Asia/Tokyo SOURCE_DATE_EPOCH=1 ",
        b.path().string());
    const Outcome second =
        run(elsewhere + fmt::format(fmt::runtime(build), "copy.safetensors", ".", b.path().string()) + " -j 3");
    CHECK_MESSAGE(second.status == 0, second.errors);
    CHECK(build_id(a.path()) == build_id(b.path()));
    for (const char* name : {"libse_resnet20_cifar.so", "libse_resnet20_cifar.a", "se_resnet20_cifar.h"}) {
        const std::string bytes = read_text(a.path() / "x86-64" / name);
        CHECK(!bytes.empty());
        CHECK(bytes == read_text(b.path() / "x86-64" / name));
    }
}

TEST_CASE("every flag that changes a library changes its build id and is shown by info; those that don't, don't") {
    const TemporaryFolder folder;
    std::vector<std::string> ids;
    for (const char* flags : {"", "--weights-beside", "--without release_stages", "--resize 40", "-j 1 --classes 10"}) {
        const fs::path output = folder.path() / std::to_string(ids.size());
        const Outcome built =
            run(fmt::format("{{senetc}} build se_resnet20_cifar --variants avx2 --weights {} -o {} {}", kTrainedWeights,
                            output.string(), flags));
        REQUIRE_MESSAGE(built.status == 0, built.errors);
        ids.push_back(build_id(output));
    }
    CHECK(ids.back() == ids.front());
    ids.pop_back();
    std::sort(ids.begin(), ids.end());
    CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
    const Outcome info = run(fmt::format("{{senet}} info {}/2/x86-64/libse_resnet20_cifar.so", folder.path().string()));
    CHECK(info.output.find("made by      senetc " SENETC_VERSION " --") != std::string::npos);
    CHECK(info.output.find("--variants avx2 --without release_stages\n") != std::string::npos);
}

TEST_CASE("a network shown, saved and built from its file gives the same predictions") {
    const TemporaryFolder folder;
    const std::string graph = folder.path() / "se_resnet20_cifar.graph", demo = SENETC_SOURCE "/models/demo/ship";
    CHECK(run(fmt::format("{{senetc}} show se_resnet20_cifar > {}", graph)).status == 0);
    const Outcome built =
        run(fmt::format("{{senetc}} build {} --weights {} -o {} --resize 0 --crop 0 --mean 0.4914,0.4822,0.4465 "
                        "--std 0.2023,0.1994,0.2010",
                        graph, kTrainedWeights, folder.path().string()));
    CHECK_MESSAGE(built.status == 0, built.errors);
    const std::string flags = "--format csv --top 1 | cut -d, -f1,2,4,5";
    const Outcome named = run(fmt::format("{{senet}} run {} {} {}", trained_library(), demo, flags));
    const Outcome parsed =
        run(fmt::format("{{senet}} run {}/x86-64/libse_resnet20_cifar.so {} {}", folder.path().string(), demo, flags));
    CHECK(named.output.find("ship") != std::string::npos);
    CHECK(parsed.output == named.output);
}

TEST_CASE("every dump names its step, and the dump of a pass can be built again") {
    const TemporaryFolder folder;
    const Outcome dumped = run(
        fmt::format("{{senetc}} build se_resnet20_cifar --weights {} -o {} --dump import,fuse_activation,stages,plan",
                    kTrainedWeights, folder.path().string()));
    CHECK(dumped.status == 0);
    for (const char* part : {"# after import", "%conv1 = conv", "# after fuse_activation", "act=relu", "# after stages",
                             "conv act=", "# after plan", "variant avx2: arena"})
        CHECK(dumped.output.find(part) != std::string::npos);
}

TEST_CASE("bad input costs one sentence that says what to do, exit status 2, and leaves nothing") {
    struct Bad {
        const char *arguments, *sentence;
    };
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "labels.txt") << "one\ntwo\n";
    std::ofstream(folder.path() / "cut.safetensors") << read_text(kTrainedWeights).substr(0, 500000);
    std::ofstream(folder.path() / "bad.graph")
        << "graph g\n%x = input : f32[3,8,8]\n%y = conv %z weight=@w out=4\nreturn %y\n";
    const Bad cases[] = {
        {"build se_resnet99 --weights WEIGHTS", "did you mean"},
        {"build se_resnet20_cifar", "--weights"},
        {"build se_resnet20_cifar --weights nowhere.safetensors", "nowhere.safetensors"},
        {"build se_resnet20_cifar --weights FOLDER/cut.safetensors", "cut.safetensors"},
        {"build se_resnet18 --weights WEIGHTS", "another network"},
        {"build se_resnet20_cifar --classes 11 --weights WEIGHTS", "fc.bias"},
        {"build se_resnet20_cifar --classes 0 --weights WEIGHTS", "--classes"},
        {"build se_resnet20_cifar --input 32 --weights WEIGHTS", "--input 224x224"},
        {"build se_resnet20_cifar --weights WEIGHTS --variants sse2", "avx512, avx2"},
        {"build se_resnet20_cifar --weights WEIGHTS --target riscv", "riscv"},
        {"build se_resnet20_cifar --weights WEIGHTS --dump nothing", "fold_batch_norm"},
        {"build se_resnet20_cifar --weights WEIGHTS --without fuse", "release_stages"},
        {"build se_resnet20_cifar --weights WEIGHTS --without fold_batch_norm,fuse", "no pass 'fuse'"},
        {"inspect", "network"},
        {"inspect se_resnet99", "did you mean"},
        {"inspect se_resnet20_cifar --threads 0", "--threads"},
        {"inspect se_resnet20_cifar --threads 2,four", "--threads"},
        {"inspect se_resnet20_cifar --batch 0", "--batch"},
        {"inspect se_resnet20_cifar --variants sse2", "avx512, avx2"},
        {"inspect FOLDER/bad.graph", "bad.graph:3"},
        {"build se_resnet20_cifar --weights WEIGHTS --labels FOLDER/labels.txt", "2 labels for 10 classes"},
        {"build se_resnet20_cifar --weights WEIGHTS --mean 0.5", "3 channels"},
        {"build se_resnet20_cifar --weights WEIGHTS --std 0,1,1", "above 0"},
        {"build se_resnet20_cifar --weights WEIGHTS --resize 16 --crop 32x32", "larger than"},
        {"build se_resnet20_cifar --weights WEIGHTS --name 1st", "1st"},
        {"build FOLDER/bad.graph --weights WEIGHTS", "bad.graph:3"},
        {"build FOLDER/bad.graph --plain --weights WEIGHTS", "bad.graph"},
        {"build se_resnet20_cifar --weights WEIGHTS --cache /proc/nowhere", "--cache"},
        {"frobnicate", "frobnicate"},
    };
    for (const Bad& bad : cases) {
        std::string arguments = bad.arguments;
        for (const auto& [word, path] :
             {std::pair("WEIGHTS", kTrainedWeights), std::pair("FOLDER", folder.path().string())})
            while (arguments.find(word) != std::string::npos)
                arguments.replace(arguments.find(word), strlen(word), path);
        if (arguments.starts_with("build")) arguments += fmt::format(" -o {}/dist", folder.path().string());
        const Outcome outcome = run("{senetc} " + arguments);
        INFO(arguments, " -> ", outcome.errors);
        CHECK(outcome.status == 2);
        CHECK(outcome.output.empty());
        CHECK(outcome.errors.starts_with("senetc: "));
        CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
        CHECK(outcome.errors.find(bad.sentence) != std::string::npos);
    }
    CHECK(files_below(folder.path()).size() == 3);
}

TEST_CASE("list, cache, version and help answer") {
    CHECK(run("{senetc} list").output.find("se_mobilenet_v1") != std::string::npos);
    CHECK(run("{senetc} cache").output.find("MiB") != std::string::npos);
    CHECK(run("{senetc} --version").output == "senetc " SENETC_VERSION "\n");
    CHECK(run("{senetc} build --help").output.find("fold_batch_norm") != std::string::npos);
}

TEST_CASE("inspect says how tasks load threads, and why where that is uneven; batches make images into tasks") {
    const auto inspect = [](const std::string& flags) {
        const Outcome outcome = run("{senetc} inspect " + flags);
        CHECK_MESSAGE(outcome.status == 0, outcome.errors);
        return outcome.output;
    };
    const std::string resnet = inspect("se_resnet50 --threads 2,16");
    for (const char* part :
         {"variant avx512, batch 1", "variant avx2, batch 1", "tasks along", "speed-up at most", "layer1.0.conv2",
          "direct", "F(4x4)", "conv act=relu ci=3 co=64", "above 1.15 because", "of weights are read once"})
        CHECK_MESSAGE(resnet.find(part) != std::string::npos, part);
    const std::string one = inspect("se_resnet50 --threads 1 --variants avx2");
    CHECK(one.find("above 1.15") == std::string::npos);
    CHECK(one.find("avx512") == std::string::npos);
    const std::string alone = inspect("se_resnet20_cifar --threads 4"),
                      many = inspect("se_resnet20_cifar --threads 4 --batch 4");
    CHECK(alone.find("too little to share") != std::string::npos);
    CHECK(many.find("a task an image") == std::string::npos);
}

TEST_CASE("bench-stages times every distinct convolution and says the peak it is compared with") {
    const Outcome timed =
        run("{senetc} bench-stages se_resnet20_cifar --variants avx2 --only 'conv ' --rounds 1 --ms 1");
    CHECK_MESSAGE(timed.status == 0, timed.errors);
    CHECK(timed.output.find("measured FMA peak") != std::string::npos);
    CHECK(timed.output.find("layer3.2.conv1") == std::string::npos);  // the same stage as layer3.0.conv2 or another
    CHECK(timed.output.find("layer3.0.conv1") != std::string::npos);
}
