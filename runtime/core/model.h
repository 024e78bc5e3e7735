// A loaded model: tables, the chosen variant, and where its packed weights are.
#pragma once

#include "runtime/core/mapping.h"
#include "senet/senet.h"

namespace senet::cuda {
struct Model;
}

struct senet_model {
    void* library = nullptr;  // dlopen's handle; nullptr: linked in
    const senet_model_v1_t* tables = nullptr;
    const senet_variant_v1_t* variant = nullptr;  // nullptr: only read
    const uint8_t* weights = nullptr;             // in host memory
    senet::cuda::Model* gpu = nullptr;            // nullptr: runs on the CPU
    senet::Mapping weights_file;                  // the mapping that `weights` lies in, unless it is in a linked model

    senet_model() = default;
    senet_model(const senet_model&) = delete;
    senet_model& operator=(const senet_model&) = delete;
    ~senet_model();
};
