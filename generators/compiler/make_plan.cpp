#include "generators/compiler/make_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "generators/compiler/memory_plan.h"
#include "generators/compiler/targets.h"

namespace senetc {
namespace {

// Step -1 is the ingest step, which writes value 0.
constexpr int kIngest = -1;

int64_t storage_bytes(const Argument& argument) {
    return argument.storage_elements * argument.type_bits / 8;
}

class VariantPlan {
  public:
    VariantPlan(const Lowered& lowered, const KernelTarget& target, const VariantKernels& kernels,
                PackedWeights& weights)
        : lowered_(lowered), target_(target), kernels_(kernels), weights_(weights) {
        const VariantInfo& info = find_variant(target.variant);
        plan_.name = info.name;
        plan_.device = info.device;
        plan_.capability = info.capability;
        plan_.cpu_features = info.cpu_features;
    }

    PlanVariant run() {
        place_values();
        plan_.ingest[0] = ingest_step(lowered_.ingest_f32);
        plan_.ingest[1] = ingest_step(lowered_.ingest_u8);
        for (const LoweredStep& step : lowered_.steps) plan_.steps.push_back(plan_step(step));
        plan_.logits = plan_.steps.back().args.back();
        return std::move(plan_);
    }

  private:
    // ---- The arena

    void place_values() {
        std::vector<Lifetime> lifetimes;
        auto define = [&](const LoweredStep& step, int at) {
            size_t output = 0;
            for (const Argument& arg : arguments(step.stage, step.schedule)) {
                if (arg.role != Role::output) continue;
                const size_t value = size_t(step.outputs.at(output++));
                lifetimes.resize(std::max(lifetimes.size(), value + 1));
                lifetimes[value] = {storage_bytes(arg), at, at};
                if (keeps_halo(arg)) lifetimes[value] = {storage_bytes(arg), kIngest, int(lowered_.steps.size())};
            }
        };
        define(lowered_.ingest_f32, kIngest);
        for (size_t i = 0; i < lowered_.steps.size(); ++i) {
            define(lowered_.steps[i], int(i));
            for (const int input : lowered_.steps[i].inputs) {
                int& last = lifetimes.at(size_t(input)).last;
                last = std::max(last, int(i));
            }
        }
        const MemoryPlan memory = plan_memory(lifetimes);
        offsets_ = memory.offsets;
        for (const Lifetime& lifetime : lifetimes) value_bytes_.push_back(lifetime.bytes);
        plan_.arena_bytes = uint64_t(memory.bytes);
    }

    // A GPU's halos are zeroed once, when a session opens, because a launch for each would cost more than the memory:
    // so nothing else may ever lie there.
    bool keeps_halo(const Argument& output) const { return output.halo != 0 && plan_.device != SENET_DEVICE_CPU; }

    // ---- Steps

    PlanStep ingest_step(const LoweredStep& lowered) {
        PlanStep step = start_step(lowered);
        const std::vector<Argument> args = arguments(lowered.stage, lowered.schedule);
        step.args = {add_buffer(args[0], SENET_STORAGE_INPUT, 0), add_buffer(args[1], SENET_STORAGE_NORMALISATION, 0),
                     add_value(args[2], 0, step.name)};
        finish_step(step, args[2], lowered);
        return step;
    }

    PlanStep plan_step(const LoweredStep& lowered) {
        PlanStep step = start_step(lowered);
        const std::vector<Argument> args = arguments(lowered.stage, lowered.schedule);
        const std::vector<uint64_t> params = weights_.add(lowered);
        size_t input = 0, param = 0, output = 0;
        for (const Argument& arg : args) {
            if (arg.role == Role::input) {
                step.args.push_back(add_value(arg, lowered.inputs.at(input++), lowered.name));
            } else if (arg.role == Role::output) {
                step.args.push_back(add_value(arg, lowered.outputs.at(output++), lowered.name));
            } else {
                step.args.push_back(add_buffer(arg, SENET_STORAGE_WEIGHTS, params.at(param++)));
            }
        }
        finish_step(step, args.back(), lowered);
        return step;
    }

    PlanStep start_step(const LoweredStep& lowered) {
        const VariantKernel& kernel = kernels_.at(kernel_of(lowered, target_).text());
        plan_.scratch_bytes = std::max(plan_.scratch_bytes, uint64_t(kernel.scratch_bytes));
        PlanStep step;
        step.name = lowered.name;
        step.kernel = to_string(lowered.stage);
        step.schedule = to_string(lowered.schedule);
        step.schedule_source = lowered.source;
        step.stage = lowered.public_stage;
        step.entry = kernel.spec.symbol() + "_argv";
        step.outputs = uint32_t(lowered.outputs.size());
        step.flops = uint64_t(flops(lowered.stage));
        step.bytes = uint64_t(moved_bytes(lowered.stage, lowered.schedule));
        step.gpu_code = kernel.gpu_code;
        return step;
    }

    void finish_step(PlanStep& step, const Argument& result, const LoweredStep& lowered) {
        step.channels = uint32_t(lowered.type.channels);
        step.height = uint32_t(lowered.type.height);
        step.width = uint32_t(lowered.type.width);
        if (result.halo == 0) return;
        step.halo = add_value(whole_storage(result, lowered.type), lowered.outputs.back(), step.name);
        step.interior_width = step.width;
        step.interior_height = step.height;
    }

    // The storage of a blocked map with its halo, as (c, x, y, block, image).
    static Argument whole_storage(const Argument& map, const Type& type) {
        Argument whole = map;
        const int halo = map.halo, width = type.width + 2 * halo, height = type.height + 2 * halo;
        whole.start = 0;
        whole.dims = {{0, kBlock, 1},
                      {-halo, width, kBlock},
                      {-halo, height, kBlock * width},
                      {0, blocks(type.channels), kBlock * width * height},
                      {0, 1, int(map.storage_elements)}};
        return whole;
    }

    // ---- Buffers

    uint32_t add_value(const Argument& arg, int value, const std::string& step) {
        if (storage_bytes(arg) != value_bytes_.at(size_t(value)))
            throw std::logic_error(fmt::format("{}: argument '{}' takes {} bytes of a value of {}", step, arg.name,
                                               storage_bytes(arg), value_bytes_[size_t(value)]));
        return add_buffer(arg, SENET_STORAGE_ARENA, uint64_t(offsets_[size_t(value)]));
    }

    uint32_t add_buffer(const Argument& arg, senet_storage_v1 storage, uint64_t offset) {
        senet_buffer_v1_t buffer{};
        buffer.storage = storage;
        buffer.type_code = uint32_t(arg.type_code);
        buffer.type_bits = uint32_t(arg.type_bits);
        buffer.dimensions = uint32_t(arg.dims.size());
        buffer.batched = arg.batched;
        buffer.offset = offset;
        buffer.start = uint64_t(arg.start) * arg.type_bits / 8;
        if (arg.dims.size() > SENET_MAX_DIMS) throw std::logic_error(arg.name + " has too many dimensions");
        std::string key = fmt::format("{} {} {} {} {}", int(storage), offset, buffer.start, arg.type_bits, arg.batched);
        for (size_t d = 0; d < arg.dims.size(); ++d) {
            buffer.dim[d] = {arg.dims[d].min, arg.dims[d].extent, arg.dims[d].stride, 0};
            key += fmt::format(" {}:{}:{}", arg.dims[d].min, arg.dims[d].extent, arg.dims[d].stride);
        }
        auto [entry, fresh] = buffer_index_.try_emplace(key, uint32_t(plan_.buffers.size()));
        if (fresh) plan_.buffers.push_back(buffer);
        return entry->second;
    }

    const Lowered& lowered_;
    const KernelTarget& target_;
    const VariantKernels& kernels_;
    PackedWeights& weights_;
    PlanVariant plan_;
    std::vector<int64_t> offsets_, value_bytes_;  // in the arena, per image
    std::map<std::string, uint32_t> buffer_index_;
};

}  // namespace

KernelSpec kernel_of(const LoweredStep& step, const KernelTarget& target) {
    return {step.stage, step.schedule, target, step.weights_folder};
}

PlanVariant make_variant(const Lowered& lowered, const KernelTarget& target, const VariantKernels& kernels,
                         PackedWeights& weights) {
    return VariantPlan(lowered, target, kernels, weights).run();
}

std::string to_string(const PlanVariant& variant) {
    std::string text = fmt::format("variant {}: arena {} bytes an image, scratch {} bytes a thread, {} buffers\n",
                                   variant.name, variant.arena_bytes, variant.scratch_bytes, variant.buffers.size());
    auto line = [&](const PlanStep& step) {
        const senet_buffer_v1_t& out = variant.buffers[step.args.back()];
        text += fmt::format("  {:<28} arena+{:<9} {}{}\n", step.name, out.offset, step.kernel,
                            step.halo == SENET_NONE              ? ""
                            : variant.device == SENET_DEVICE_CPU ? "  # halo zeroed first"
                                                                 : "  # halo zeroed once");
    };
    line(variant.ingest[0]);
    line(variant.ingest[1]);
    for (const PlanStep& step : variant.steps) line(step);
    return text;
}

}  // namespace senetc
