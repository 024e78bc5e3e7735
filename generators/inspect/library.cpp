#include "generators/inspect/library.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "generators/compiler/targets.h"
#include "generators/compiler/temporary_folder.h"
#include "generators/inspect/elf_image.h"
#include "generators/inspect/read_plan.h"
#include "generators/package/run_lld.h"
#include "generators/package/steps.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/Archive.h"
#include "llvm/TargetParser/Triple.h"
#include "models/error.h"
#include "models/weights/file_mapping.h"

namespace fs = std::filesystem;

namespace senetc::inspect {
namespace {

constexpr const char* kArchiveMagic = "!<arch>\n";
constexpr const char* kElfMagic =
    "\x7f"
    "ELF";

std::string first_bytes(const std::string& path) {
    std::string magic(8, '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(magic.data(), std::streamsize(magic.size()));
    magic.resize(size_t(file.gcount()));
    return magic;
}

// The file ends with the trailer that belongs to what is before it.
void check_trailer(const std::string& path) {
    const uint64_t bytes = fs::file_size(path);
    senet_trailer_v1_t trailer{};
    std::ifstream file(path, std::ios::binary);
    file.seekg(-std::streamoff(sizeof trailer), std::ios::end);
    file.read(reinterpret_cast<char*>(&trailer), sizeof trailer);
    if (!file || std::string_view(trailer.magic, sizeof trailer.magic) != SENET_MAGIC_LIBRARY)
        throw Error(
            fmt::format("{}: it doesn't end with a senet trailer: it isn't built by senetc, or it is truncated "
                        "or stripped",
                        path));
    if (trailer.length != bytes - sizeof trailer)
        throw Error(fmt::format("{}: its trailer speaks of {} bytes and there are {}; copy or build it again", path,
                                trailer.length, bytes - sizeof trailer));
}

template <typename Value>
Value get(llvm::Expected<Value> value, const std::string& path) {
    if (!value) throw Error(fmt::format("{}: {}; copy or build it again", path, llvm::toString(value.takeError())));
    return std::move(*value);
}

// The archive's member that defines senet_model_<name>.
std::string model_object(const std::string& path) {
    const FileMapping file(path);
    const llvm::MemoryBufferRef bytes({file.data(), file.size()}, path);
    const auto archive = get(llvm::object::Archive::create(bytes), path);
    for (const llvm::object::Archive::Symbol& symbol : archive->symbols()) {
        if (!symbol.getName().starts_with(package::query_symbol(""))) continue;
        const auto member = get(symbol.getMember(), path);
        const llvm::StringRef object = get(member.getBuffer(), path);
        if (object.end() > file.data() + file.size())  // which LLVM leaves to its caller
            throw Error(fmt::format("{}: it is truncated; copy or build it again", path));
        return object.str();
    }
    throw Error(fmt::format("{}: it holds no model that senetc built", path));
}

// Relocations resolved, as in a shared library.
void link_archive(const std::string& archive, const fs::path& folder, const std::string& library) {
    const std::string object = folder / "model.o";
    write_temporary(object, model_object(archive));
    package::run_lld("read " + archive, {"-shared", object, "-o", library});
}

uint16_t machine_of(const TargetInfo& target) {
    return llvm::Triple(target.triple).isAArch64() ? llvm::ELF::EM_AARCH64 : llvm::ELF::EM_X86_64;
}

std::string target_name(const ElfImage& image) {
    for (const TargetInfo& target : targets())
        if (machine_of(target) == image.machine()) return target.name;
    image.fail("it is for a kind of machine that senetc doesn't build for");
}

std::set<std::string> kernel_names(const Plan& plan) {
    std::set<std::string> names;
    for (const PlanVariant& variant : plan.variants) {
        for (const PlanStep& step : variant.ingest) names.insert(step.entry);
        for (const PlanStep& step : variant.steps) names.insert(step.entry);
    }
    return names;
}

// A kernel's functions begin with its name: "k_58ea1151d8da0f8d_par_for_output_s0_n". All of a model's symbols begin
// with the model's.
void read_kernels(const ElfImage& image, Library& library) {
    const std::set<std::string> names = kernel_names(library.plan);
    const std::string prefix = package::local_symbol(library.plan.name, "");
    for (const Symbol& symbol : image.symbols()) {
        if (!symbol.is_function || !symbol.name.starts_with(prefix)) continue;
        const std::string function = symbol.name.substr(prefix.size());
        auto name = names.upper_bound(function);
        if (name == names.begin() || !(function + "_").starts_with(*--name + "_")) continue;
        library.kernels[*name].functions.push_back(
            {function, symbol.address, std::string(image.bytes(symbol.address, symbol.size))});
    }
    for (const std::string& name : names)
        if (!library.kernels.contains(name)) image.fail(fmt::format("its kernel {} has no code", name));
    for (auto& [name, kernel] : library.kernels)
        std::sort(kernel.functions.begin(), kernel.functions.end(),
                  [](const Function& a, const Function& b) { return a.address < b.address; });
}

}  // namespace

uint64_t Kernel::bytes() const {
    uint64_t sum = 0;
    for (const Function& function : functions) sum += function.code.size();
    return sum;
}

bool is_library(const std::string& path) {
    const std::string magic = first_bytes(path);
    return path.ends_with(".so") || path.ends_with(".a") || magic == kArchiveMagic || magic.starts_with(kElfMagic);
}

Library read_library(const std::string& path) {
    Library library;
    library.path = path;
    const std::string magic = first_bytes(path);
    if (magic.empty()) throw Error(fmt::format("{}: there is no such file, or it is empty or can't be read", path));
    const TemporaryFolder folder;
    std::string shared = path;
    if (magic == kArchiveMagic) {
        shared = folder.path() / "linked.so";
        link_archive(path, folder.path(), shared);
    } else if (magic.starts_with(kElfMagic)) {
        check_trailer(path);
    } else {
        throw Error(fmt::format("{}: it is neither a shared library nor an archive", path));
    }
    const ElfImage image(shared, path);
    library.target = target_name(image);
    read_plan(image, library);
    read_kernels(image, library);
    return library;
}

std::string read_weights(const Library& library) {
    if (library.weights_address != 0)
        return std::string(ElfImage(library.path, library.path).bytes(library.weights_address, library.weights_bytes));
    const std::string path = fs::path(library.path).parent_path() / library.weights_file;
    const FileMapping file(path);
    if (file.size() < library.weights_bytes)
        throw Error(fmt::format("{}: it is shorter than {}'s weights; copy or build it again", path, library.path));
    return std::string(file.data(), library.weights_bytes);
}

std::vector<const PlanVariant*> find_variants(const Library& library, const std::vector<std::string>& names) {
    const std::vector<PlanVariant>& all = library.plan.variants;
    if (names.empty()) return {&all.at(0)};
    std::vector<std::string> known;
    for (const PlanVariant& variant : all) known.push_back(variant.name);
    for (const std::string& name : names)
        if (!std::count(known.begin(), known.end(), name))
            throw Error(fmt::format("--variants {}: {} has {}", name, library.path, fmt::join(known, ", ")));
    std::vector<const PlanVariant*> found;
    for (const PlanVariant& variant : all)
        if (std::count(names.begin(), names.end(), variant.name)) found.push_back(&variant);
    return found;
}

}  // namespace senetc::inspect
