#include "generators/compiler/cubins.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <sstream>

#include "generators/compiler/temporary_folder.h"
#include "generators/system/on_one_line.h"
#include "generators/system/whole_file.h"
#include "models/error.h"

namespace fs = std::filesystem;

namespace senetc {
namespace {

struct Ended {
    int status;
    std::string words;  // of both streams
};

std::string quoted(const std::string& word) {
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
    return text + "'";
}

Ended run(const std::string& command) {
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) throw Error("ptxas can't be started: no process or no memory is left");
    std::string words;
    char chunk[1024];
    while (const size_t read = fread(chunk, 1, sizeof chunk, pipe)) words.append(chunk, read);
    return {pclose(pipe), words};
}

std::vector<fs::path> folders() {
    std::vector<fs::path> all;
    std::istringstream path(std::getenv("PATH") ? std::getenv("PATH") : "");
    for (std::string folder; std::getline(path, folder, ':');)
        if (!folder.empty()) all.emplace_back(folder);
    if (const char* home = std::getenv("CUDA_HOME"); home && *home) all.push_back(fs::path(home) / "bin");
    all.emplace_back("/usr/local/cuda/bin");
    return all;
}

// "V13.0.88" of what `ptxas --version` says.
std::string version_of(const fs::path& ptxas) {
    const Ended ended = run(quoted(ptxas) + " --version");
    std::smatch found;
    if (ended.status != 0 || !std::regex_search(ended.words, found, std::regex("V([0-9.]+)")))
        throw Error(
            fmt::format("--cuda-arch: {} doesn't say its version; install the CUDA toolkit again", ptxas.string()));
    return found[1];
}

}  // namespace

std::string arch_names(const Cubins& cubins) {
    std::vector<std::string> names;
    for (const int capability : cubins.capabilities) names.push_back(fmt::format("sm_{}", capability));
    return fmt::format("{}", fmt::join(names, ","));
}

std::string to_string(const Cubins& cubins) {
    if (cubins.capabilities.empty()) return "";
    return fmt::format(" {} by ptxas {}", arch_names(cubins), cubins.ptxas.version);
}

Ptxas find_ptxas() {
    for (const fs::path& folder : folders()) {
        std::error_code ignored;
        const fs::path ptxas = folder / "ptxas";
        if (fs::is_regular_file(ptxas, ignored)) return {ptxas, version_of(ptxas)};
    }
    throw Error(
        "--cuda-arch: there is no ptxas in $PATH, $CUDA_HOME/bin or /usr/local/cuda/bin: install the CUDA toolkit, or "
        "leave the option out, and the GPU's driver compiles when the model is opened");
}

Cubins parse_cuda_archs(const std::vector<std::string>& names) {
    Cubins cubins;
    for (const std::string& name : names) {
        std::smatch digits;
        if (!std::regex_match(name, digits, std::regex("sm_([0-9]{2,3})")))
            throw Error(fmt::format("--cuda-arch {}: name an architecture as sm_80 or sm_90", name));
        const int capability = std::stoi(digits[1]);
        if (!std::count(cubins.capabilities.begin(), cubins.capabilities.end(), capability))
            cubins.capabilities.push_back(capability);
    }
    std::sort(cubins.capabilities.begin(), cubins.capabilities.end());
    if (!names.empty()) cubins.ptxas = find_ptxas();
    return cubins;
}

std::vector<PlanGpuCode> assemble(const std::string& ptx, const Cubins& cubins) {
    std::vector<PlanGpuCode> codes;
    if (cubins.capabilities.empty()) return codes;
    const TemporaryFolder folder;
    const fs::path source = folder.path() / "kernel.ptx", cubin = folder.path() / "kernel.cubin";
    write_temporary(source, ptx);
    for (const int capability : cubins.capabilities) {
        const Ended ended = run(fmt::format("{} -arch=sm_{} {} -o {}", quoted(cubins.ptxas.path), capability,
                                            quoted(source), quoted(cubin)));
        std::string bytes = ended.status == 0 ? read_whole(cubin).value_or("") : "";
        if (bytes.empty())
            throw Error(fmt::format("ptxas {} makes no code for sm_{} of it: {}", cubins.ptxas.version, capability,
                                    on_one_line(ended.words)));
        codes.push_back({uint32_t(capability), std::move(bytes)});
    }
    return codes;
}

}  // namespace senetc
