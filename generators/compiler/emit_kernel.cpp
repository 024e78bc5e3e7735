#include "generators/compiler/emit_kernel.h"

#include <Halide.h>
#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "generators/compiler/halide_scratch.h"
#include "generators/compiler/targets.h"
#include "generators/compiler/temporary_folder.h"
#include "generators/stages/registry.h"
#include "models/error.h"

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

// Everything but the number of images is known at build time.
void constrain(Parameter parameter, const senetc::Argument& argument) {
    if (parameter.dimensions() != static_cast<int>(argument.dims.size())) {
        throw std::logic_error("dimensions of '" + argument.name + "' differ between its generator and its layout");
    }
    for (size_t i = 0; i < argument.dims.size(); i++) {
        const auto& dim = argument.dims[i];
        const bool image = argument.batched && i + 1 == argument.dims.size();
        const int index = static_cast<int>(i);
        parameter.set_min_constraint(index, dim.min);
        if (!image) parameter.set_extent_constraint(index, dim.extent);
        parameter.set_stride_constraint(index, dim.stride);
    }
    if (begins_on_cache_line(argument)) parameter.set_host_alignment(64);
}

// A convolution's schedule chooses the algorithm, too.
std::string generator_name(const Stage& stage, const Schedule& schedule) {
    return winograd_tile(schedule) != 0 ? "winograd" : stage.generator;
}

Module lower(const Stage& stage, const Schedule& schedule, const Target& target, const std::string& symbol) {
    auto generator = make_generator(generator_name(stage, schedule), GeneratorContext(target));
    for (const auto& [name, value] : stage.params) generator->set_generatorparam_value(name, value);
    generator->set_generatorparam_value("schedule", to_string(schedule));
    if (has_sums(stage)) {
        generator->set_generatorparam_value("map_w", std::to_string(output_map(stage).width));
        generator->set_generatorparam_value("map_h", std::to_string(output_map(stage).height));
    }
    Pipeline pipeline = generator->build_pipeline();
    std::vector<Halide::Argument> inputs;
    Expr images;
    for (const auto& argument : arguments(stage, schedule)) {
        if (argument.role == Role::output) {
            OutputImageParam output = generator->output_func(argument.name).at(0).output_buffer();
            constrain(output.parameter(), argument);
            // Both outputs of a fused loop have as many images: else it's compiled three times, for where they differ.
            const int last = output.dimensions() - 1;
            if (images.defined()) output.dim(last).set_extent(images);
            images = output.dim(last).extent();
        } else {
            const Parameter parameter = generator->input_parameter(argument.name).at(0);
            constrain(parameter, argument);
            inputs.emplace_back(parameter.name(), Halide::Argument::InputBuffer, parameter.type(),
                                parameter.dimensions(), ArgumentEstimates{});
        }
    }
    return pipeline.compile_to_module(inputs, symbol, target, LinkageType::ExternalPlusArgv);
}

std::string object_of(const Module& module) {
    const TemporaryFolder folder;
    const std::string path = folder.path() / "kernel.o";
    module.compile({{OutputFileType::object, path}});
    std::ifstream file(path, std::ios::binary);
    std::string object(std::istreambuf_iterator<char>(file), {});
    if (object.empty()) throw Error(fmt::format("cannot read the object '{}': is the disk full?", path));
    return object;
}

}  // namespace

std::string halide_target(const KernelTarget& target) {
    const std::string text = find_variant(target.variant).halide_target + "-no_runtime-user_context";
    return target.asserts ? text : text + "-no_asserts-no_bounds_query";
}

EmittedKernel emit_kernel(const Stage& stage, const Schedule& schedule, const KernelTarget& target,
                          const std::string& symbol) {
#ifdef __SANITIZE_ADDRESS__
    set_compiler_stack_size(0);  // AddressSanitizer can't follow exceptions across the stack that Halide switches to
#endif
    try {
        const Module module = lower(stage, schedule, Target(halide_target(target)), symbol);
        return {object_of(module), scratch_bytes(module)};
    } catch (const Halide::Error& error) {  // not a std::exception
        throw Error(fmt::format("Halide cannot compile '{}' with schedule '{}': {}", to_string(stage),
                                to_string(schedule), error.what()));
    }
}

}  // namespace senetc
