// The other end of emulated_kernels.h: calls the kernels that it was linked with, as standard input asks.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "tests/stages/emulated_kernels.h"

using namespace senetc::test;

extern "C" {
extern const KernelEntry kernel_entries[];
// Halide's, in kernels with asserts: by default it ends the process.
using ErrorHandler = void (*)(void*, const char*);
__attribute__((weak)) ErrorHandler halide_set_error_handler(ErrorHandler);
}

namespace {

void print_error(void*, const char* message) {
    std::fprintf(stderr, "kernel: %s\n", message);
}

// False at the end of input.
bool read_all(void* bytes, size_t size) {
    for (size_t done = 0; done < size;) {
        const ssize_t count = read(STDIN_FILENO, static_cast<char*>(bytes) + done, size - done);
        if (count <= 0) return false;
        done += static_cast<size_t>(count);
    }
    return true;
}

void write_all(const void* bytes, size_t size) {
    for (size_t done = 0; done < size;) {
        const ssize_t count = write(STDOUT_FILENO, static_cast<const char*>(bytes) + done, size - done);
        if (count <= 0) std::exit(1);
        done += static_cast<size_t>(count);
    }
}

}  // namespace

int main() {
    const KernelReply started{0};
    write_all(&started, sizeof started);
    if (halide_set_error_handler != nullptr) halide_set_error_handler(print_error);
    for (KernelCall call; read_all(&call, sizeof call);) {
        std::vector<SentArgument> arguments(call.arguments);
        std::vector<KernelView> views;
        std::vector<void*> memory;
        for (SentArgument& argument : arguments) {
            if (!read_all(&argument, sizeof argument)) return 1;
            memory.push_back(std::aligned_alloc(128, (argument.bytes + 127) / 128 * 128));
            if (!read_all(memory.back(), argument.bytes)) return 1;
            views.push_back(argument.view);
            views.back().host = static_cast<uint8_t*>(memory.back()) + argument.host_offset;
        }
        const KernelReply reply{call_kernel(kernel_entries[call.kernel], views)};
        write_all(&reply, sizeof reply);
        for (size_t i = 0; i < arguments.size(); i++) {
            if (arguments[i].output != 0) write_all(memory[i], arguments[i].bytes);
            std::free(memory[i]);
        }
    }
    return 0;
}
