// A program that has its models linked in opens no libraries, and so needs no loader.
#include "runtime/core/model_library.h"
#include "runtime/core/status.h"
#include "runtime/cuda/driver.h"

namespace senet {

senet_status load_library(const char* path, VerifiedFile*, senet_model*) {
    return fail(SENET_INVALID_ARGUMENT, "%.800s can't be loaded: this program opens no libraries", path);
}

namespace cuda {

senet_status load_driver(Driver*) {
    return fail(SENET_NO_DEVICE, "no NVIDIA driver: this program opens no libraries");
}

void unload_driver(Driver*) {}

}  // namespace cuda
}  // namespace senet
