#include "generators/package/run_lld.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "lld/Common/Driver.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "models/error.h"

LLD_HAS_DRIVER(elf)

namespace senetc::package {
namespace {

// "ld.lld: error: duplicate symbol: f\n>>> defined at a.o" -> "duplicate symbol: f; defined at a.o"
std::string first_error(const std::string& printed) {
    const std::string mark = "error: ";
    const size_t begin = printed.find(mark);
    if (begin == std::string::npos) return printed.empty() ? "it crashed" : printed;
    std::string text = printed.substr(begin + mark.size());
    text.resize(std::min(text.find("\n\n"), text.size()));
    text.resize(std::min(text.find("\nld.lld: "), text.size()));
    for (size_t at; (at = text.find("\n")) != std::string::npos;) {
        const size_t next = std::min(text.find_first_not_of("\n> ", at), text.size());
        text.replace(at, next - at, next < text.size() ? "; " : "");
    }
    return text;
}

}  // namespace

void run_lld(const std::string& making, std::vector<std::string> args) {
    // lld keeps its state in globals: one link at a time, and none after one that crashed.
    static std::mutex mutex;
    static bool usable = true;
    const std::lock_guard lock(mutex);
    if (!usable)
        throw Error(fmt::format("can't {}: the linker crashed earlier in this process, so start senetc anew", making));

    // On one thread: a fatal error on a thread of lld's own would end this process.
    args.insert(args.begin(), {"ld.lld", "--threads=1"});
    std::vector<const char*> pointers;
    for (const std::string& arg : args) pointers.push_back(arg.c_str());
    std::string printed;
    llvm::raw_string_ostream stream(printed);
    llvm::CrashRecoveryContext::Enable();  // or lld's fatal errors would end this process
    const lld::Result result = lld::lldMain(pointers, stream, stream, {{lld::Gnu, &lld::elf::link}});
    llvm::CrashRecoveryContext::Disable();
    usable = result.canRunAgain;
    if (result.retCode != 0) throw Error(fmt::format("can't {}: {}", making, first_error(stream.str())));
}

}  // namespace senetc::package
