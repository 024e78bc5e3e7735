#include "runtime/cuda/gpu_model.h"

#include <cstdio>

#include "runtime/core/heap.h"
#include "runtime/core/status.h"

namespace senet::cuda {

Model::~Model() {
    if (device.context != nullptr) {
        const Current current(device);
        unload_modules(device, current.entered(), &modules);
        if (weights != 0 && current.entered()) device.driver.cuMemFree(weights);
    }
    close_device(&device);
}

senet_status open_model(const DeviceWish& wish, uint32_t capability, Model** result) {
    Owned<Model> model(make<Model>());
    if (model.get() == nullptr) return fail(SENET_OUT_OF_MEMORY, "no memory for a model");
    Device& device = model.get()->device;
    if (const senet_status status = open_device(wish, capability, &device)) return status;
    snprintf(model.get()->description, sizeof(model.get()->description), "cuda:%d, %s, compute capability %u.%u",
             device.ordinal, device.name, device.major, device.minor);
    *result = model.release();
    return SENET_OK;
}

senet_status upload_weights(const uint8_t* weights, uint64_t bytes, Model* model) {
    if (bytes == 0) return SENET_OK;
    const Device& device = model->device;
    const Current current(device);
    if (const senet_status status = current.status()) return status;
    if (const senet_status status = check(device, device.driver.cuMemAlloc(&model->weights, bytes), "cuMemAlloc"))
        return status;
    const Result copied = device.driver.cuMemcpyHtoD(model->weights, weights, bytes);
    if (const senet_status status = check(device, copied, "cuMemcpyHtoD")) return status;
    // The copy's last part may still be under way, and sessions' streams don't wait for the default one.
    return check(device, device.driver.cuStreamSynchronize(nullptr), "cuStreamSynchronize");
}

}  // namespace senet::cuda
