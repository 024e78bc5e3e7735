// Modules: kernels' names and parameters are read out of PTX's text, or of what lies behind a cubin's first bytes.
#include <cstring>
#include <regex>

#include "tests/cuda/fake/world.h"

namespace fake_cuda {
namespace {

constexpr char kElf[] =
    "\x7f"
    "ELF";

// ".param .u64 conv_param_0", ".param .u64 .ptr .global .align 1 conv_param_0"
std::vector<Parameter> parse_parameters(const std::string& text) {
    static const std::regex pattern(R"(\.param\s+\.[usbf](8|16|32|64)\b)");
    std::vector<Parameter> parameters;
    for (std::sregex_iterator i(text.begin(), text.end(), pattern), end; i != end; ++i) {
        const size_t bytes = std::stoul((*i)[1]) / 8;
        parameters.push_back({bytes, bytes == 8});
    }
    return parameters;
}

std::vector<Kernel> parse_kernels(const std::string& text) {
    std::vector<Kernel> kernels;
    constexpr char kEntry[] = ".entry ";
    for (size_t at = text.find(kEntry); at != std::string::npos; at = text.find(kEntry, at + 1)) {
        const size_t name = at + strlen(kEntry), open = text.find('(', name), close = text.find(')', open);
        if (close == std::string::npos) break;
        const size_t end = text.find_first_of(" \t\n(", name);
        kernels.push_back({text.substr(name, end - name), parse_parameters(text.substr(open, close - open))});
    }
    return kernels;
}

// A real cubin can't be asked for its size or parameters: its kernels are taken on trust and do nothing.
constexpr char kUnread[] = "?";

std::vector<Kernel> kernels_of(const char* image) {
    if (memcmp(image, kElf, 4) != 0) return parse_kernels(image);
    if (strncmp(image + 4, "fake", 4) == 0) return parse_kernels(image + 8);
    return {{kUnread, {}}};
}

std::string describe_options(const char* image, unsigned count, const int* names, void** values) {
    constexpr int kMaxRegisters = 0;
    std::string text = memcmp(image, kElf, 4) == 0 ? "cubin" : "ptx";
    for (unsigned i = 0; i < count; ++i)
        if (names[i] == kMaxRegisters) text += ", registers " + std::to_string(reinterpret_cast<uintptr_t>(values[i]));
    return text;
}

// A launch's own copy of its parameters.
struct Arguments {
    std::vector<std::vector<uint8_t>> values;

    Arguments(const Kernel& kernel, void** parameters) {
        for (size_t i = 0; i < kernel.parameters.size(); ++i) {
            const auto* begin = static_cast<const uint8_t*>(parameters[i]);
            values.emplace_back(begin, begin + kernel.parameters[i].bytes);
        }
    }
    void run(const Kernel& kernel, Body body) {
        std::vector<void*> pointers;
        for (size_t i = 0; i < values.size(); ++i) {
            pointers.push_back(values[i].data());
            uint64_t address = 0;
            if (!kernel.parameters[i].address) continue;
            memcpy(&address, values[i].data(), sizeof(address));
            if (memory_at(address, 1, kernel.name.c_str()) == nullptr) return;
        }
        if (body) body(pointers.data());
    }
};

Node launch_of(const Kernel& kernel, void** parameters) {
    const auto body = world().bodies.find(kernel.name);
    return {kernel.name, [kernel, arguments = Arguments(kernel, parameters),
                          body = body == world().bodies.end() ? nullptr : body->second]() mutable {
                ++world().launches;
                arguments.run(kernel, body);
            }};
}

struct Grid {
    unsigned x, y, z;
    uint64_t size() const { return uint64_t{x} * y * z; }
};

// Limits of every device since 7.0.
bool fits(const Grid& blocks, const Grid& threads) {
    constexpr unsigned kMostX = 0x7fffffff, kMostYZ = 65535, kMostThreads = 1024, kMostThreadsZ = 64;
    const bool some = blocks.size() > 0 && threads.size() > 0;
    return some && blocks.x <= kMostX && blocks.y <= kMostYZ && blocks.z <= kMostYZ && threads.z <= kMostThreadsZ &&
           threads.size() <= kMostThreads;
}

constexpr size_t kFreeSharedBytes = 48 << 10;  // beyond them a kernel must be allowed its shared memory

}  // namespace
}  // namespace fake_cuda

using namespace fake_cuda;

extern "C" {

FAKE_CUDA_API int cuModuleLoadDataEx(void** module, const void* data, unsigned count, int* names, void** values) {
    const char* image = static_cast<const char*>(data);
    Entry entry("cuModuleLoadDataEx", kContext | kNoCapture, nullptr, describe_options(image, count, names, values));
    if (!entry.proceeds()) return entry.result();
    auto object = std::make_unique<Object>();
    object->kernels = kernels_of(image);
    if (object->kernels.empty()) return entry(kInvalidImage);
    *module = create("module", std::move(object));
    return entry(kOk);
}

FAKE_CUDA_API int cuModuleUnload(void* handle) {
    Entry entry("cuModuleUnload", kContext | kNoCapture | kRuns);
    if (!entry.proceeds()) return entry.result();
    const Object* module = find(handle, "module", "cuModuleUnload");
    if (module == nullptr) return entry(kInvalidHandle);
    drain_all();
    std::erase_if(world().objects, [&](const auto& object) {
        const Kernel* kernel = object.second->kernel;
        return kernel >= module->kernels.data() && kernel < module->kernels.data() + module->kernels.size();
    });
    destroy(handle, "module", "cuModuleUnload");
    return entry.result();
}

FAKE_CUDA_API int cuModuleGetFunction(void** function, void* handle, const char* name) {
    Entry entry("cuModuleGetFunction", kContext, nullptr, name);
    const Object* module = entry.proceeds() ? find(handle, "module", "cuModuleGetFunction") : nullptr;
    if (module == nullptr) return entry(kInvalidHandle);
    for (const Kernel& kernel : module->kernels) {
        if (kernel.name != name && kernel.name != kUnread) continue;
        auto object = std::make_unique<Object>();
        object->kernel = &kernel;
        *function = create("function", std::move(object));
        return entry(kOk);
    }
    return entry(kNotFound);
}

FAKE_CUDA_API int cuFuncSetAttribute(void* function, int, int value) {
    Entry entry("cuFuncSetAttribute", kContext, nullptr, std::to_string(value));
    Object* kernel = entry.proceeds() ? find(function, "function", "cuFuncSetAttribute") : nullptr;
    if (kernel == nullptr) return entry(kInvalidHandle);
    kernel->size = static_cast<size_t>(value);
    return entry(kOk);
}

FAKE_CUDA_API int cuLaunchKernel(void* handle, unsigned blocks_x, unsigned blocks_y, unsigned blocks_z,
                                 unsigned threads_x, unsigned threads_y, unsigned threads_z, unsigned shared_bytes,
                                 void* stream_handle, void** parameters, void**) {
    const auto found = world().objects.find(handle);
    const Kernel* known = found == world().objects.end() ? nullptr : found->second->kernel;
    Entry entry("cuLaunchKernel", kContext, stream_handle, known ? known->name : "");
    if (!entry.proceeds()) return entry.result();
    const Object* function = find(handle, "function", "cuLaunchKernel");
    Object* stream = function ? find_stream(stream_handle, "cuLaunchKernel") : nullptr;
    if (stream == nullptr) return entry(kInvalidHandle);
    if (shared_bytes > kFreeSharedBytes && shared_bytes > function->size) return entry(kInvalidValue);
    if (!fits({blocks_x, blocks_y, blocks_z}, {threads_x, threads_y, threads_z})) return entry(kInvalidValue);
    queue(stream, launch_of(*function->kernel, parameters));
    return entry(kOk);
}
}
