// One GPU and the context that libsenet works in.
#pragma once

#include "runtime/core/device_wish.h"
#include "runtime/cuda/driver.h"

namespace senet::cuda {

struct Device {
    Driver driver{};
    int ordinal = 0;  // the driver's number
    DeviceId id = 0;
    char name[128] = "";
    uint32_t major = 0, minor = 0;  // compute capability
    Context context = nullptr;
    bool retained = false;  // the primary context, to be released
};

// The device that was wished for, or the first whose compute capability (10 * major + minor) is enough.
// SENET_NO_DEVICE: no driver, none such, or too old; device->driver may then be loaded: close_device.
senet_status open_device(const DeviceWish& wish, uint32_t capability, Device* device);
void close_device(Device* device);

// SENET_OK for kSuccess; else a sentence with the driver's name for its error, and SENET_OUT_OF_MEMORY or
// SENET_DEVICE_FAILED. `call`: what failed, "cuMemAlloc".
senet_status check(const Device& device, Result result, const char* call);

// The device's context is the calling thread's current one for as long as this lives.
class Current {
  public:
    explicit Current(const Device& device) : device_(device), result_(device.driver.cuCtxPushCurrent(device.context)) {}
    ~Current() {
        Context popped = nullptr;
        if (result_ == kSuccess) device_.driver.cuCtxPopCurrent(&popped);
    }
    Current(const Current&) = delete;
    Current& operator=(const Current&) = delete;
    bool entered() const { return result_ == kSuccess; }
    senet_status status() const { return check(device_, result_, "cuCtxPushCurrent"); }

  private:
    const Device& device_;
    const Result result_;
};

}  // namespace senet::cuda
