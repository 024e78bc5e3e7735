// The steps of write_package, in their order; each is a file of its name. All throw Error.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generators/package/package.h"

namespace senetc::package {

// Refuses a name that is no identifier, a triple that is not 64-bit ELF, and a plan whose indices point nowhere.
void check(const PackageInput& input);

// Refuses an output folder (it exists) on a disk without room.
void check_space(const PackageInput& input);

struct FileHash {
    uint64_t bytes = 0;
    uint64_t hash[2] = {0, 0};  // XXH3-128, low and high
};
FileHash hash_file(const std::string& path);

// The symbol of the senet_model_v1_t; local, and called <name>.model, after localise.
inline const std::string kModelSymbol = "model";

// The largest pages, as a power of two, with which a target's systems protect and map memory.
int page_bits(const std::string& triple);

// The section that holds the weights.
inline const std::string kWeightsSection = ".senet_weights";

// Plan -> object: tables, weights (unless they lie beside), query function, and what kernels call of Halide's runtime,
// which forwards to the caller's context.
void emit_plan(const PackageInput& input, const FileHash& weights, const std::string& object);

// plan.o + kernels -> one relocatable object of what the plan reaches; throws when a symbol is missing, naming it.
void combine(const std::vector<std::string>& objects, const std::string& name, const std::string& combined);

// One relocatable object -> the same, where all symbols but senet_model_<name> are local and called <name>.<symbol>.
void localise(const std::string& combined, const std::string& name, const std::string& object);

// Hashes the localised object, which decides the bytes of archive and library alike, and writes the hash into its
// senet_model_v1_t. Returns it as 32 hexadecimal digits.
std::string stamp_build_id(const std::string& object, const std::string& name);

void write_archive(const std::string& object, const std::string& name, const std::string& archive);
void link_shared(const PackageInput& input, const std::string& object, const std::string& build_id,
                 const std::string& library);

void copy_weights(const std::string& weights, const std::string& beside);

// Ends a file with senet_trailer_v1_t. `magic`: SENET_MAGIC_*.
void append_trailer(const std::string& path, const char* magic, const std::string& name);

void write_header(const Plan& plan, const std::string& header);

inline std::string query_symbol(const std::string& name) {
    return "senet_model_" + name;
}
inline std::string local_symbol(const std::string& name, const std::string& symbol) {
    return name + "." + symbol;
}
inline std::string weights_file_name(const std::string& name) {
    return name + ".weights";
}

}  // namespace senetc::package
