// A model's part on its device: the weights and the kernels, shared by its sessions.
#pragma once

#include "runtime/cuda/modules.h"

namespace senet::cuda {

struct Model {
    Device device;
    Address weights = 0;
    Modules modules;
    char description[192] = "";  // for senet_model_device

    Model() = default;
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;
    ~Model();
};

// Opens the device for a variant of this capability; destroy() the result (heap.h).
senet_status open_model(const DeviceWish& wish, uint32_t capability, Model** model);

// Copies the packed weights to the device.
senet_status upload_weights(const uint8_t* weights, uint64_t bytes, Model* model);

}  // namespace senet::cuda
