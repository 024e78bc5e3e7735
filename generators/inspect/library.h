// A packaged model read from its file: tables as a Plan, kernels as bytes of code. Nothing of it is loaded or run, so
// that it may be for another architecture.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "generators/package/plan.h"

namespace senetc::inspect {

struct Function {
    std::string name;  // without the model's prefix: "k_58ea1151d8da0f8d_par_for_output_s0_n"
    uint64_t address = 0;
    std::string code;
};

// The functions of one kernel: the loops of its tasks, its body, and the argv form that plans call.
struct Kernel {
    std::vector<Function> functions;
    std::string ptx;         // of a GPU's kernel: what its body launches
    uint64_t bytes() const;  // of both
};

struct Library {
    std::string path;
    std::string target;                               // "x86-64"
    Plan plan;                                        // its steps' entries are the names of kernels
    uint64_t weights_bytes = 0, weights_address = 0;  // in the file's image; 0 when they lie beside
    std::string weights_file;                         // "" when the weights lie inside
    std::string weights_hash, build_id;               // 32 hexadecimal digits each
    std::map<std::string, Kernel> kernels;            // by name: "k_58ea1151d8da0f8d"
};

// Whether a file with this name is to be read as a library: it ends in .so or .a, or begins as such a file does.
bool is_library(const std::string& path);

// lib<model>.so or lib<model>.a. Throws Error with one sentence for any other file, and for a damaged one.
Library read_library(const std::string& path);

// The packed weights, out of lib<model>.so or the file beside it. Throws Error.
std::string read_weights(const Library& library);

// The variants of these names, or the best one if none is named. Throws Error that names those there are.
std::vector<const PlanVariant*> find_variants(const Library& library, const std::vector<std::string>& names);

}  // namespace senetc::inspect
