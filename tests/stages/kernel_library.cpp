#include "tests/stages/kernel_library.h"

#include <Halide.h>
#include <HalideRuntime.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "senet/model_abi.h"

namespace {

int loops_around = 0;  // parallel loops of several turns that the running task is in
std::vector<int> outer_loops;

}  // namespace

// What release kernels ask their host for. Kernels with asserts carry Halide's runtime and find these first.
extern "C" {
__attribute__((visibility("default"))) void* halide_malloc(void*, size_t bytes) {
    return std::aligned_alloc(128, (bytes + 127) / 128 * 128);
}
__attribute__((visibility("default"))) void halide_free(void*, void* pointer) {
    std::free(pointer);
}
__attribute__((visibility("default"))) int halide_do_par_for(void* context, halide_task_t task, int min, int extent,
                                                             uint8_t* closure) {
    if (extent > 1 && loops_around == 0) outer_loops.push_back(extent);
    int status = 0;
    loops_around += extent > 1;
    for (int i = min + extent - 1; i >= min && status == 0; i--) status = task(context, i, closure);
    loops_around -= extent > 1;
    return status;
}
}

namespace senetc::test {

namespace {

void write_file(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void check(bool fine, const std::string& what) {
    if (!fine) throw std::runtime_error(what);
}

void print_error(void*, const char* message) {
    fmt::print(stderr, "kernel: {}\n", message);
}

}  // namespace

bool cpu_runs(const std::string& variant) {
    __builtin_cpu_init();
    if (variant == "avx2") return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512cd");
}

KernelLibrary::~KernelLibrary() {
    if (handle_ != nullptr) dlclose(handle_);
}

std::string KernelLibrary::symbol(size_t kernel) const {
    return fmt::format("stage_{}", kernel);
}

int KernelLibrary::add(const Stage& stage, const Schedule& schedule, const std::string& variant) {
    const KernelTarget target{variant, checks_ == Checks::asserts};
    kernels_.push_back(
        {emit_kernel(stage, schedule, target, symbol(kernels_.size())).object, arguments(stage, schedule)});
    return static_cast<int>(kernels_.size()) - 1;
}

void KernelLibrary::load() {
    std::string pattern = (std::filesystem::temp_directory_path() / "senetc-test-XXXXXX").string();
    check(mkdtemp(pattern.data()) != nullptr, "no temporary folder");
    const std::filesystem::path folder = pattern, library = folder / "kernels.so";
    std::string objects;
    for (size_t i = 0; i < kernels_.size(); i++) {
        const auto path = folder / fmt::format("{}.o", symbol(i));
        write_file(path, kernels_[i].object);
        objects += fmt::format(" {}", path.string());
    }
    if (checks_ == Checks::asserts) {
        const auto path = folder / "runtime.o";
        Halide::compile_standalone_runtime(path, Halide::Target("x86-64-linux-avx-avx2-f16c-fma-sse41-user_context"));
        objects += fmt::format(" {}", path.string());
    }
    const std::string command = fmt::format("g++ -shared -o {}{}", library.string(), objects);
    check(std::system(command.c_str()) == 0, "cannot link: " + command);
    handle_ = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    check(handle_ != nullptr, "cannot load the kernels");
    std::filesystem::remove_all(folder);
    for (size_t i = 0; i < kernels_.size(); i++) {
        kernels_[i].entry = reinterpret_cast<int (*)(void**)>(dlsym(handle_, (symbol(i) + "_argv").c_str()));
        check(kernels_[i].entry != nullptr, "a kernel's argv form is missing");
    }
    if (checks_ == Checks::asserts) {
        using SetHandler = halide_error_handler_t (*)(halide_error_handler_t);
        reinterpret_cast<SetHandler>(dlsym(handle_, "halide_set_error_handler"))(print_error);
    }
}

int KernelLibrary::run(int kernel, const std::vector<void*>& hosts, int images) const {
    const Kernel& k = kernels_.at(static_cast<size_t>(kernel));
    std::vector<senet_kernel_buffer_v1_t> buffers(k.arguments.size());
    std::vector<std::vector<senet_dim_v1_t>> dims(k.arguments.size());
    void* context = nullptr;
    std::vector<void*> argv = {&context};
    for (size_t i = 0; i < k.arguments.size(); i++) {
        const Argument& argument = k.arguments[i];
        for (const auto& dim : argument.dims) dims[i].push_back({dim.min, dim.extent, dim.stride, 0});
        if (argument.batched) dims[i].back().extent = images;
        buffers[i].host = static_cast<uint8_t*>(hosts[i]);
        buffers[i].type_code = static_cast<uint8_t>(argument.type_code);
        buffers[i].type_bits = static_cast<uint8_t>(argument.type_bits);
        buffers[i].type_lanes = 1;
        buffers[i].dimensions = static_cast<int>(argument.dims.size());
        buffers[i].dim = dims[i].data();
        argv.push_back(&buffers[i]);
    }
    outer_loops.clear();
    return k.entry(argv.data());
}

const std::vector<int>& KernelLibrary::parallel_loops() const {
    return outer_loops;
}

}  // namespace senetc::test
