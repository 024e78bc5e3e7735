#include <fmt/format.h>

#include "generators/package/run_lld.h"
#include "generators/package/steps.h"
#include "llvm/Object/ELFObjectFile.h"
#include "models/error.h"

namespace senetc::package {
namespace {

// What compilers call of their own accord, and every process has.
bool everywhere(llvm::StringRef symbol) {
    return symbol == "memcpy" || symbol == "memset";
}

// A shared library may have undefined symbols, so a missing kernel would show only when the library is loaded.
void check_undefined(const std::string& combined) {
    auto binary = llvm::object::ObjectFile::createObjectFile(combined);
    if (!binary) throw Error(fmt::format("can't read '{}': {}", combined, llvm::toString(binary.takeError())));
    for (const llvm::object::SymbolRef& symbol : binary->getBinary()->symbols()) {
        const std::string name = llvm::cantFail(symbol.getName()).str();
        const bool undefined = llvm::cantFail(symbol.getFlags()) & llvm::object::SymbolRef::SF_Undefined;
        if (undefined && !name.empty() && !everywhere(name))
            throw Error(
                fmt::format("the kernels need '{}', which no object defines: a model's library may need nothing but "
                            "memcpy and memset",
                            name));
    }
}

}  // namespace

void combine(const std::vector<std::string>& objects, const std::string& name, const std::string& combined) {
    // What the query function doesn't reach goes, such as Halide's description of each kernel. Groups are dissolved:
    // their names stay global whatever their symbols are, so that a linker would keep the group of one model for two.
    std::vector<std::string> args = {"-r", "--gc-sections", "--entry", query_symbol(name), "--force-group-allocation",
                                     "-o", combined};
    args.insert(args.end(), objects.begin(), objects.end());
    run_lld("join the kernels", args);
    check_undefined(combined);
}

}  // namespace senetc::package
