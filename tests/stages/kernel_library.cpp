#include "tests/stages/kernel_library.h"

#include <Halide.h>
#include <HalideRuntime.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

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

KernelLibrary::KernelLibrary(Checks checks, const TargetInfo& target) : checks_(checks), target_(target) {}

KernelLibrary::~KernelLibrary() {
    if (handle_ != nullptr) dlclose(handle_);
}

std::string KernelLibrary::symbol(size_t kernel) const {
    return fmt::format("stage_{}", kernel);
}

int KernelLibrary::add(const Stage& stage, const Schedule& schedule, const std::string& variant) {
    on_gpu_ = find_variant(variant).on_gpu();
    const KernelTarget target{variant, checks_ == Checks::asserts, on_gpu_};
    kernels_.push_back(
        {emit_kernel(stage, schedule, target, symbol(kernels_.size())).object, arguments(stage, schedule)});
    return static_cast<int>(kernels_.size()) - 1;
}

std::string KernelLibrary::runtime_target() const {
    if (on_gpu_) return halide_target({"cuda", true, true});
    return checks_ == Checks::asserts ? target_.variants.back().halide_target + "-user_context" : "";
}

// Returns their paths, with Halide's runtime where kernels need it.
std::string KernelLibrary::write_objects(const std::filesystem::path& folder) const {
    std::string objects;
    for (size_t i = 0; i < kernels_.size(); i++) {
        const auto path = folder / fmt::format("{}.o", symbol(i));
        write_file(path, kernels_[i].object);
        objects += fmt::format(" {}", path.string());
    }
    if (const std::string target = runtime_target(); !target.empty()) {
        const auto path = folder / "runtime.o";
        Halide::compile_standalone_runtime(path, Halide::Target(target).without_feature(Halide::Target::NoRuntime));
        objects += fmt::format(" {}", path.string());
    }
    return objects;
}

void KernelLibrary::load_here(const std::filesystem::path& folder, const std::string& objects) {
    const std::string library = folder / "kernels.so", command = fmt::format("g++ -shared -o {}{}", library, objects);
    check(std::system(command.c_str()) == 0, "cannot link: " + command);
    handle_ = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    check(handle_ != nullptr, "cannot load the kernels");
    for (size_t i = 0; i < kernels_.size(); i++) {
        kernels_[i].entry = reinterpret_cast<KernelEntry>(dlsym(handle_, (symbol(i) + "_argv").c_str()));
        check(kernels_[i].entry != nullptr, "a kernel's argv form is missing");
    }
    if (!runtime_target().empty()) {
        using SetHandler = halide_error_handler_t (*)(halide_error_handler_t);
        reinterpret_cast<SetHandler>(dlsym(handle_, "halide_set_error_handler"))(print_error);
    }
}

void KernelLibrary::load() {
    std::string pattern = (std::filesystem::temp_directory_path() / "senetc-test-XXXXXX").string();
    check(mkdtemp(pattern.data()) != nullptr, "no temporary folder");
    const std::string objects = write_objects(pattern);
    if (emulated()) {
        std::vector<std::string> entries;
        for (size_t i = 0; i < kernels_.size(); i++) entries.push_back(symbol(i) + "_argv");
        emulated_ = std::make_unique<EmulatedKernels>(pattern, objects, entries);
    } else {
        load_here(pattern, objects);
    }
    std::filesystem::remove_all(pattern);
}

int KernelLibrary::fetch(std::vector<senet_kernel_buffer_v1_t>& buffers) const {
    using OfBuffer = int (*)(void*, senet_kernel_buffer_v1_t*);
    const auto copy = reinterpret_cast<OfBuffer>(dlsym(handle_, "halide_copy_to_host"));
    const auto free = reinterpret_cast<OfBuffer>(dlsym(handle_, "halide_device_free"));
    int status = 0;
    for (senet_kernel_buffer_v1_t& buffer : buffers) {
        if (status == 0) status = copy(nullptr, &buffer);
        free(nullptr, &buffer);
    }
    return status;
}

int KernelLibrary::run(int kernel, const std::vector<HostMemory>& memory, int images) const {
    const Kernel& k = kernels_.at(static_cast<size_t>(kernel));
    std::vector<KernelView> views(k.arguments.size());
    std::vector<ViewedMemory> sent;
    for (size_t i = 0; i < k.arguments.size(); i++) {
        const Argument& argument = k.arguments[i];
        views[i].host = memory[i].host;
        views[i].type_code = static_cast<uint32_t>(argument.type_code);
        views[i].type_bits = static_cast<uint32_t>(argument.type_bits);
        views[i].dimensions = static_cast<uint32_t>(argument.dims.size());
        for (size_t d = 0; d < argument.dims.size(); d++)
            views[i].dim[d] = {argument.dims[d].min, argument.dims[d].extent, argument.dims[d].stride, 0};
        if (argument.batched) views[i].dim[argument.dims.size() - 1].extent = images;
        sent.push_back({views[i], memory[i], argument.role == Role::output});
    }
    if (emulated()) return emulated_->run(static_cast<uint32_t>(kernel), sent);
    if (!on_gpu_) return call_kernel(k.entry, views);
    return call_kernel(k.entry, views, [this](auto& buffers) { return fetch(buffers); });
}

}  // namespace senetc::test
