// Where a user wants a model to run.
#pragma once

#include "senet/senet.h"

namespace senet {

enum class Where { anywhere, cpu, cuda };

struct DeviceWish {
    Where where = Where::anywhere;
    int ordinal = -1;         // of a CUDA device; -1: any
    void* context = nullptr;  // a CUcontext; nullptr: the device's primary one
};

// Reads options.device and options.cuda_context.
senet_status read_device_wish(const senet_model_options& options, DeviceWish* wish);

}  // namespace senet
