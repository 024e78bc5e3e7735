// The parts of the plan's module in LLVM's IR.
#pragma once

#include "generators/package/steps.h"
#include "llvm/IR/Module.h"

namespace senetc::package {

// All tables of senet/model_abi.h as private constants; returns the senet_model_v1_t, which has a name, so that tools
// find it, and no build id yet.
llvm::GlobalVariable* add_tables(llvm::Module& module, const PackageInput& input, const FileHash& weights);

// const senet_model_v1_t* senet_model_<name>(uint32_t abi_version), the one exported symbol.
void add_query(llvm::Module& module, const std::string& name, llvm::GlobalVariable* model);

// halide_malloc, halide_free and halide_do_par_for, hidden.
void add_forwards(llvm::Module& module);

// What kernels for CUDA call besides, hidden.
void add_gpu_forwards(llvm::Module& module);

}  // namespace senetc::package
