#include "generators/compiler/emit_kernel.h"

#include <Halide.h>
#include <fmt/format.h>

#include "generators/compiler/gpu_module.h"
#include "generators/compiler/halide_scratch.h"
#include "generators/compiler/image_loop.h"
#include "generators/compiler/joined_copies.h"
#include "generators/compiler/stage_generator.h"
#include "generators/compiler/targets.h"
#include "generators/compiler/temporary_folder.h"
#include "generators/compiler/thread_registers.h"
#include "generators/system/on_one_line.h"
#include "generators/system/whole_file.h"
#include "models/error.h"
#include "schedules/autoschedule.h"

namespace senetc {

using namespace Halide;

namespace {

// Blocked maps, vectors and packed parameters begin on a cache line in every storage; the caller's images, be they as
// wide as a block, and the logits need not.
bool begins_on_cache_line(const Argument& argument) {
    const auto& dims = argument.dims;
    const bool blocked =
        dims[0].extent == kBlock && dims[0].stride == 1 && dims.size() % 2 == 1 && dims[1].stride == kBlock;
    return argument.role == Role::parameter || blocked;
}

// Everything but the number of images is known at build time; where `images` isn't 0, that is, too.
void constrain(Parameter parameter, const senetc::Argument& argument, int images) {
    if (parameter.dimensions() != static_cast<int>(argument.dims.size())) {
        throw std::logic_error("dimensions of '" + argument.name + "' differ between its generator and its layout");
    }
    for (size_t i = 0; i < argument.dims.size(); i++) {
        const auto& dim = argument.dims[i];
        const bool image = argument.batched && i + 1 == argument.dims.size();
        const int index = static_cast<int>(i), extent = image ? images : dim.extent;
        parameter.set_min_constraint(index, dim.min);
        if (extent != 0) parameter.set_extent_constraint(index, extent);
        parameter.set_stride_constraint(index, dim.stride);
        parameter.set_min_constraint_estimate(index, dim.min);
        parameter.set_extent_constraint_estimate(index, dim.extent);
    }
    if (begins_on_cache_line(argument)) parameter.set_host_alignment(64);
}

// What Halide compiles of a stage.
struct Definition {
    Pipeline pipeline;
    std::vector<Halide::Argument> inputs;
    std::vector<bool> batched;  // of all arguments
};

// images: of every batched argument, 0: of any number.
Definition define(const Stage& stage, const Schedule& schedule, const Target& target, int images) {
    auto generator = stage_generator(stage, schedule, GeneratorContext(target));
    Definition result{generator->build_pipeline(), {}, {}};
    Expr extent;
    for (const auto& argument : arguments(stage, schedule)) {
        result.batched.push_back(argument.batched);
        if (argument.role == Role::output) {
            Func func = generator->output_func(argument.name).at(0);
            OutputImageParam output = func.output_buffer();
            constrain(output.parameter(), argument, images);
            for (size_t i = 0; i < argument.dims.size(); i++)
                func.set_estimate(func.args()[i], argument.dims[i].min, argument.dims[i].extent);
            // Both outputs of a fused loop have as many images: else it's compiled three times, for where they differ.
            const int last = output.dimensions() - 1;
            if (extent.defined() && images == 0) output.dim(last).set_extent(extent);
            extent = output.dim(last).extent();
        } else {
            const Parameter parameter = generator->input_parameter(argument.name).at(0);
            constrain(parameter, argument, images);
            result.inputs.emplace_back(parameter.name(), Halide::Argument::InputBuffer, parameter.type(),
                                       parameter.dimensions(), ArgumentEstimates{});
        }
    }
    return result;
}

std::string object_of(const Module& module) {
    const TemporaryFolder folder;
    const std::string path = folder.path() / "kernel.o";
    module.compile({{OutputFileType::object, path}});
    std::optional<std::string> object = read_whole(path);
    if (!object || object->empty()) throw Error(fmt::format("cannot read the object '{}': is the disk full?", path));
    return std::move(*object);
}

EmittedKernel emit_for_any_batch(Definition any, const Target& target, const std::string& symbol) {
    ScratchMeter scratch;
    ThreadRegisters registers;
    JoinedCopies copies;
    any.pipeline.add_custom_lowering_pass(&scratch, nullptr);
    if (target.has_gpu_feature()) {
        any.pipeline.add_custom_lowering_pass(&registers, nullptr);
        any.pipeline.add_custom_lowering_pass(&copies, nullptr);
    }
    const Module module = any.pipeline.compile_to_module(any.inputs, symbol, target, LinkageType::ExternalPlusArgv);
    return {object_of(module), scratch.bytes(), "", target.has_gpu_feature() ? gpu_source_of(module) : ""};
}

EmittedKernel emit_in_image_loop(Definition one, const Target& target, const std::string& symbol) {
    ScratchMeter scratch;
    one.pipeline.add_custom_lowering_pass(&scratch, nullptr);
    const Module module =
        one.pipeline.compile_to_module(one.inputs, one_image_symbol(symbol), target, LinkageType::Internal);
    return {object_of(loop_over_images(module, symbol, one.batched)), scratch.bytes(), ""};
}

// On a CPU, of one image, with the loop over images around it (image_loop.h). On a GPU images are blocks of the same
// launch, whose temporary buffers the runtime takes from the device as they come.
EmittedKernel emit_autoscheduled(const Stage& stage, const Schedule& schedule, const Target& target,
                                 const std::string& symbol, const std::filesystem::path& weights_folder) {
    const bool on_gpu = target.has_gpu_feature();
    Definition definition = define(stage, schedule, target, on_gpu ? 0 : 1);
    const std::string featurization = autoschedule(definition.pipeline, target, stage, schedule, weights_folder);
    EmittedKernel kernel = on_gpu ? emit_for_any_batch(std::move(definition), target, symbol)
                                  : emit_in_image_loop(std::move(definition), target, symbol);
    kernel.featurization = featurization;
    return kernel;
}

// The same target with the GPU's kernels in OpenCL.
std::string with_opencl(const std::string& cuda_target) {
    Target target(cuda_target);
    target.set_features({Target::CUDA, Target::CUDACapability70}, false);
    target.set_feature(Target::OpenCL);
    return target.to_string();
}

}  // namespace

std::string halide_target(const KernelTarget& target) {
    std::string text = find_variant(target.variant).halide_target + "-no_runtime-user_context";
    if (target.opencl) text = with_opencl(text);
    return target.asserts ? text : text + "-no_asserts-no_bounds_query";
}

EmittedKernel emit_kernel(const Stage& stage, const Schedule& schedule, const KernelTarget& target,
                          const std::string& symbol, const std::filesystem::path& weights_folder) {
#ifdef __SANITIZE_ADDRESS__
    set_compiler_stack_size(0);  // AddressSanitizer can't follow exceptions across the stack that Halide switches to
#endif
    try {
        const Target compiled_for(halide_target(target));
        EmittedKernel kernel = is_autoscheduled(schedule)
                                   ? emit_autoscheduled(stage, schedule, compiled_for, symbol, weights_folder)
                                   : emit_for_any_batch(define(stage, schedule, compiled_for, 0), compiled_for, symbol);
        kernel.gpu_code = assemble(kernel.gpu_source, target.cubins);
        return kernel;
    } catch (const Halide::Error& error) {  // not a std::exception
        throw Error(fmt::format("Halide cannot compile '{}' with schedule '{}': {}", to_string(stage),
                                to_string(schedule), on_one_line(error.what())));
    }
}

}  // namespace senetc
