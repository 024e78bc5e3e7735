#include "runtime/cuda/device.h"

#include "runtime/core/status.h"

namespace senet::cuda {
namespace {

constexpr int kLeastVersion = 11040;  // CUDA 11.4: cuGraphInstantiateWithFlags

const char* error_name(const Driver& driver, Result result) {
    const char* name = nullptr;
    return driver.cuGetErrorName(result, &name) == kSuccess && name ? name : "an unknown error";
}

const char* error_text(const Driver& driver, Result result) {
    const char* text = nullptr;
    return driver.cuGetErrorString(result, &text) == kSuccess && text ? text : "no description";
}

senet_status no_device(const Driver& driver, Result result, const char* call) {
    if (result == kSuccess) return SENET_OK;
    return fail(SENET_NO_DEVICE, "the NVIDIA driver offers no device: %s failed with %s (%d: %s)", call,
                error_name(driver, result), result, error_text(driver, result));
}

// Errors after which a context can do nothing more.
bool loses_context(Result result) {
    return result == kEccUncorrectable || result == kIllegalAddress || result == kLaunchTimeout ||
           (result >= kContextIsDestroyed && result <= kLaunchFailed);
}

const char* advice(Result result) {
    if (result == kOutOfMemory) return "take a smaller max_batch, or free memory on the device";
    if (result == kLaunchOutOfResources) return "a kernel's blocks have too many threads for this device";
    if (result == kUnsupportedPtxVersion || result == kInvalidPtx) return "a newer driver may be needed";
    if (loses_context(result)) return "the device's context is lost: close its sessions and models";
    return "see the driver's log";
}

senet_status start_driver(Device* device, int* count) {
    if (const senet_status status = load_driver(&device->driver)) return status;
    const Driver& driver = device->driver;
    if (const senet_status status = no_device(driver, driver.cuInit(0), "cuInit")) return status;
    int version = 0;
    if (const senet_status status = no_device(driver, driver.cuDriverGetVersion(&version), "cuDriverGetVersion"))
        return status;
    if (version < kLeastVersion)
        return fail(SENET_NO_DEVICE,
                    "the NVIDIA driver is too old: it is for CUDA %d.%d; install one for CUDA 11.4 or later",
                    version / 1000, version % 1000 / 10);
    if (const senet_status status = no_device(driver, driver.cuDeviceGetCount(count), "cuDeviceGetCount"))
        return status;
    return *count > 0 ? SENET_OK : fail(SENET_NO_DEVICE, "the NVIDIA driver has no device");
}

senet_status describe(int ordinal, Device* device) {
    const Driver& driver = device->driver;
    int major = 0, minor = 0;
    device->ordinal = ordinal;
    if (const senet_status status = no_device(driver, driver.cuDeviceGet(&device->id, ordinal), "cuDeviceGet"))
        return status;
    const auto attribute = [&](int* value, DeviceAttribute which) {
        return no_device(driver, driver.cuDeviceGetAttribute(value, which, device->id), "cuDeviceGetAttribute");
    };
    if (const senet_status status = attribute(&major, kCapabilityMajor)) return status;
    if (const senet_status status = attribute(&minor, kCapabilityMinor)) return status;
    device->major = static_cast<uint32_t>(major);
    device->minor = static_cast<uint32_t>(minor);
    return no_device(driver, driver.cuDeviceGetName(device->name, sizeof(device->name), device->id), "cuDeviceGetName");
}

senet_status too_old(const Device& device, uint32_t capability) {
    return fail(SENET_NO_DEVICE,
                "CUDA device %d (%s) is too old: it has compute capability %u.%u, and the model needs %u.%u",
                device.ordinal, device.name, device.major, device.minor, capability / 10, capability % 10);
}

// The device that a user's context is of.
senet_status ordinal_of_context(int count, Device* device, int* ordinal) {
    DeviceId id = 0;
    {
        const Current current(*device);
        if (const senet_status status = current.status()) return status;
        if (const senet_status status = check(*device, device->driver.cuCtxGetDevice(&id), "cuCtxGetDevice"))
            return status;
    }
    for (int i = 0; i < count; ++i) {
        if (const senet_status status = describe(i, device)) return status;
        if (device->id != id) continue;
        *ordinal = i;
        return SENET_OK;
    }
    return fail(SENET_INVALID_ARGUMENT, "cuda_context is of no device of this driver");
}

senet_status find_device(const DeviceWish& wish, uint32_t capability, int count, Device* device) {
    int first = wish.ordinal >= 0 ? wish.ordinal : 0, last = wish.ordinal >= 0 ? first : count - 1;
    if (first >= count)
        return fail(SENET_NO_DEVICE, "there is no CUDA device %d: the driver has %d, counted from 0", first, count);
    if (wish.context != nullptr) {
        int ordinal = 0;
        device->context = static_cast<Context>(wish.context);
        if (const senet_status status = ordinal_of_context(count, device, &ordinal)) return status;
        if (wish.ordinal >= 0 && wish.ordinal != ordinal)
            return fail(SENET_INVALID_ARGUMENT, "cuda_context is of device %d, and device says cuda:%d", ordinal,
                        wish.ordinal);
        first = last = ordinal;
    }
    for (int i = first; i <= last; ++i) {
        if (const senet_status status = describe(i, device)) return status;
        if (10 * device->major + device->minor >= capability) return SENET_OK;
    }
    return too_old(*device, capability);
}

}  // namespace

senet_status check(const Device& device, Result result, const char* call) {
    if (result == kSuccess) return SENET_OK;
    return fail(result == kOutOfMemory ? SENET_OUT_OF_MEMORY : SENET_DEVICE_FAILED,
                "CUDA device %d (%s): %s failed with %s (%d: %s); %s", device.ordinal, device.name, call,
                error_name(device.driver, result), result, error_text(device.driver, result), advice(result));
}

senet_status open_device(const DeviceWish& wish, uint32_t capability, Device* device) {
    int count = 0;
    if (const senet_status status = start_driver(device, &count)) return status;
    if (const senet_status status = find_device(wish, capability, count, device)) return status;
    if (wish.context != nullptr) return SENET_OK;
    const Driver& driver = device->driver;
    if (const senet_status status =
            check(*device, driver.cuDevicePrimaryCtxRetain(&device->context, device->id), "cuDevicePrimaryCtxRetain"))
        return status;
    device->retained = true;
    return SENET_OK;
}

void close_device(Device* device) {
    if (device->retained) device->driver.cuDevicePrimaryCtxRelease(device->id);
    device->retained = false;
    unload_driver(&device->driver);
}

}  // namespace senet::cuda
