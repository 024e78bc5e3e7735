#include "generators/package/link_program.h"

#include <fmt/format.h>

#include <cctype>
#include <filesystem>

#include "generators/package/run_lld.h"

namespace senetc::package {
namespace {

// What lld calls the beginning of a file that it takes in as it is.
std::string binary_symbol(const std::string& path) {
    std::string name = path;
    for (char& c : name)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
    return fmt::format("_binary_{}_start", name);
}

}  // namespace

void link_program(const ProgramInput& input) {
    std::vector<std::string> args = {"-static", "--no-pie", "-z", "noexecstack", "-o", input.program};
    args.insert(args.end(), input.objects.begin(), input.objects.end());
    for (const ProgramInput::Alias& alias : input.aliases)
        args.push_back(fmt::format("--defsym={}={}", alias.name, alias.symbol));
    args.push_back("--format=binary");
    for (const ProgramInput::File& file : input.files) {
        args.push_back(file.path);
        args.push_back(fmt::format("--defsym={}={}", file.name, binary_symbol(file.path)));
    }
    run_lld("link " + std::filesystem::path(input.program).filename().string(), args);
}

}  // namespace senetc::package
