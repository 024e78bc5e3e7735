#include "tests/programs/programs.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace senetc::test {
namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
}

}  // namespace

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

Outcome run(const std::string& command) {
    const TemporaryFolder folder;
    std::string line = command;
    replace_all(line, "{senetc}", SENETC_PROGRAM);
    replace_all(line, "{senet}", SENET_PROGRAM);
    const std::string out = folder.path() / "out", err = folder.path() / "err";
    const int status = std::system(fmt::format("( {} ) >{} 2>{} </dev/null", line, out, err).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_text(out), read_text(err)};
}

const std::string& trained_library() {
    static const TemporaryFolder folder;
    static const std::string path = [] {
        const Outcome built = run(fmt::format("{{senetc}} build se_resnet20_cifar --weights {} -o {}", kTrainedWeights,
                                              folder.path().string()));
        if (built.status != 0) throw std::runtime_error(built.errors);
        return (folder.path() / "x86-64" / "libse_resnet20_cifar.so").string();
    }();
    return path;
}

}  // namespace senetc::test
