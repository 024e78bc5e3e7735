#include "runtime/core/status.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace senet {
namespace {

constexpr size_t kMessageBytes = 1024;
thread_local char message[kMessageBytes];

}  // namespace

KeepMessage::KeepMessage() {
    static_assert(sizeof(text_) == kMessageBytes);
    memcpy(text_, message, kMessageBytes);
}

KeepMessage::~KeepMessage() {
    if (kept_) memcpy(message, text_, kMessageBytes);
}

senet_status fail(senet_status status, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, kMessageBytes, format, arguments);
    va_end(arguments);
    return status;
}

void touch_message() {
    *const_cast<volatile char*>(message) = message[0];
}

}  // namespace senet

extern "C" const char* senet_last_message(void) {
    return senet::message;
}

extern "C" const char* senet_version(void) {
    return SENET_VERSION;
}

extern "C" const char* senet_status_name(senet_status status) {
    switch (status) {
        case SENET_OK:
            return "ok";
        case SENET_INVALID_ARGUMENT:
            return "invalid argument";
        case SENET_NOT_FOUND:
            return "not found";
        case SENET_IO_ERROR:
            return "can't be read";
        case SENET_BAD_FILE:
            return "bad file";
        case SENET_INCOMPATIBLE:
            return "made for a newer libsenet";
        case SENET_UNSUPPORTED_CPU:
            return "unsupported CPU";
        case SENET_OUT_OF_MEMORY:
            return "out of memory";
        case SENET_KERNEL_FAILED:
            return "kernel failed";
        case SENET_NO_DEVICE:
            return "no device";
        case SENET_DEVICE_FAILED:
            return "device failed";
    }
    return "unknown status";
}
