#include <fmt/format.h>

#include <map>

#include "generators/package/steps.h"
#include "generators/package/write_file.h"
#include "llvm/ObjCopy/ConfigManager.h"
#include "llvm/ObjCopy/ObjCopy.h"
#include "llvm/Object/ELFObjectFile.h"
#include "models/error.h"

namespace senetc::package {
namespace {
using llvm::object::SymbolRef;

[[noreturn]] void fail(const std::string& path, const std::string& why) {
    throw Error(fmt::format("can't make '{}' local to its model: {}", path, why));
}

// Every name defined in the object -> "<prefix>.<name>". Names with a '$' mark code and data for ARM's tools and stay.
std::map<std::string, std::string> prefixed_names(const llvm::object::ObjectFile& object, const std::string& prefix) {
    std::map<std::string, std::string> names;
    for (const SymbolRef& symbol : object.symbols()) {
        const llvm::StringRef name = llvm::cantFail(symbol.getName());
        const uint32_t flags = llvm::cantFail(symbol.getFlags());
        if (name.empty() || name.starts_with("$") || flags & (SymbolRef::SF_Undefined | SymbolRef::SF_FormatSpecific))
            continue;
        if (name != query_symbol(prefix)) names[name.str()] = local_symbol(prefix, name.str());
    }
    return names;
}

// The matcher keeps the name by reference.
void match(llvm::objcopy::NameMatcher& matcher, llvm::StringRef name) {
    const auto pass_on = [](llvm::Error error) { return error; };
    llvm::cantFail(
        matcher.addMatcher(llvm::objcopy::NameOrPattern::create(name, llvm::objcopy::MatchStyle::Literal, pass_on)));
}

}  // namespace

void localise(const std::string& combined, const std::string& name, const std::string& object) {
    auto binary = llvm::object::ObjectFile::createObjectFile(combined);
    if (!binary) fail(combined, llvm::toString(binary.takeError()));
    const auto names = prefixed_names(*binary->getBinary(), name);
    const std::string query = query_symbol(name);

    llvm::objcopy::ConfigManager config;
    config.Common.InputFilename = combined;
    config.Common.OutputFilename = object;
    config.Common.StripUnneeded = true;
    match(config.Common.SymbolsToKeepGlobal, query);
    match(config.Common.ToRemove, ".comment");
    for (const auto& [from, to] : names) config.Common.SymbolsToRename[from] = to;
    write_file(object, [&](llvm::raw_pwrite_stream& out) {
        if (llvm::Error error = llvm::objcopy::executeObjcopyOnBinary(config, *binary->getBinary(), out))
            fail(combined, llvm::toString(std::move(error)));
    });
}

}  // namespace senetc::package
