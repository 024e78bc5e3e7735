#include "runtime/core/device_wish.h"

#include <cstdlib>
#include <cstring>

#include "runtime/core/status.h"

namespace senet {
namespace {

constexpr int kMostDevices = 4096;

// "12" -> 12; -1 for anything else.
int read_ordinal(const char* text) {
    if (*text < '0' || *text > '9') return -1;
    char* end = nullptr;
    const long number = strtol(text, &end, 10);
    return *end == '\0' && number < kMostDevices ? static_cast<int>(number) : -1;
}

}  // namespace

senet_status read_device_wish(const senet_model_options& options, DeviceWish* wish) {
    const char* device = options.device;
    *wish = DeviceWish{};
    wish->context = options.cuda_context;
    if (device == nullptr) {
        if (wish->context != nullptr) wish->where = Where::cuda;
        return SENET_OK;
    }
    if (strcmp(device, "cpu") == 0) {
        wish->where = Where::cpu;
        if (wish->context != nullptr)
            return fail(SENET_INVALID_ARGUMENT, "device is cpu, so cuda_context must be NULL");
        return SENET_OK;
    }
    wish->where = Where::cuda;
    if (strcmp(device, "cuda") == 0) return SENET_OK;
    if (strncmp(device, "cuda:", 5) == 0) wish->ordinal = read_ordinal(device + 5);
    if (wish->ordinal >= 0) return SENET_OK;
    return fail(SENET_INVALID_ARGUMENT, "device is '%.100s': say cpu, cuda or cuda:N", device);
}

}  // namespace senet
