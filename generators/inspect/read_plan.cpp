#include "generators/inspect/read_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "generators/package/steps.h"
#include "models/error.h"

namespace senetc::inspect {
namespace {

std::string hex(const uint64_t (&hash)[2]) {
    return fmt::format("{:016x}{:016x}", hash[1], hash[0]);
}

class PlanReader {
  public:
    explicit PlanReader(const ElfImage& image) : image_(image) {
        for (const Symbol& symbol : image.symbols())
            if (symbol.is_function) functions_[symbol.address] = symbol.name;
    }

    senet_model_v1_t model_struct();
    Plan plan(const senet_model_v1_t& model);

  private:
    template <typename Struct>
    std::vector<Struct> table(const Struct* address, uint64_t count) const {
        return image_.table<Struct>(address_of(address), count);
    }
    std::string text(const char* address) const { return image_.text(address_of(address)); }
    std::string kernel(senet_kernel_v1_t entry) const;
    PlanStep step(const senet_step_v1_t& s, const std::vector<uint32_t>& args, size_t buffers) const;
    PlanVariant variant(const senet_variant_v1_t& v) const;

    const ElfImage& image_;
    std::map<uint64_t, std::string> functions_;
    std::string prefix_;  // of the model's local symbols
};

// The one local symbol <name>.model whose query function is there, too.
senet_model_v1_t PlanReader::model_struct() {
    const std::string ending = package::local_symbol("", package::kModelSymbol);
    for (const Symbol& symbol : image_.symbols()) {
        if (symbol.is_function || !symbol.name.ends_with(ending)) continue;
        prefix_ = package::local_symbol(symbol.name.substr(0, symbol.name.size() - ending.size()), "");
        if (symbol.size != sizeof(senet_model_v1_t)) break;
        return image_.table<senet_model_v1_t>(symbol.address, 1)[0];
    }
    image_.fail(image_.symbols().empty()
                    ? "it has been stripped of its symbols, by which its tables are found"
                    : "it holds no tables that this senetc reads: it isn't senetc's, or another version's");
}

// The kernel that has an argv form at this address.
std::string PlanReader::kernel(senet_kernel_v1_t entry) const {
    const auto function = functions_.find(reinterpret_cast<uint64_t>(entry));
    if (function == functions_.end() || !function->second.starts_with(prefix_))
        image_.fail("a step's kernel has no symbol");
    const std::string argv = function->second.substr(prefix_.size());
    return argv.substr(0, argv.rfind("_argv"));
}

PlanStep PlanReader::step(const senet_step_v1_t& s, const std::vector<uint32_t>& args, size_t buffers) const {
    PlanStep step;
    step.name = text(s.name);
    step.kernel = text(s.kernel);
    step.schedule = text(s.schedule);
    step.schedule_source = text(s.schedule_source);
    step.stage = text(s.stage);
    step.entry = kernel(s.entry);
    if (s.first_arg > args.size() || s.num_args > args.size() - s.first_arg || s.num_outputs == 0 ||
        s.num_outputs > s.num_args)
        image_.fail(fmt::format("the step {} has arguments outside its table", step.name));
    step.args.assign(args.begin() + s.first_arg, args.begin() + s.first_arg + s.num_args);
    if (std::any_of(step.args.begin(), step.args.end(), [&](uint32_t index) { return index >= buffers; }) ||
        (s.halo != SENET_NONE && s.halo >= buffers))
        image_.fail(fmt::format("the step {} has an argument that is no buffer", step.name));
    step.outputs = s.num_outputs;
    step.halo = s.halo;
    step.interior_width = s.interior_width;
    step.interior_height = s.interior_height;
    step.channels = s.channels;
    step.height = s.height;
    step.width = s.width;
    step.flops = s.flops;
    step.bytes = s.bytes;
    for (const senet_gpu_code_v1_t& code : table(s.gpu_code, s.num_gpu_code))
        step.gpu_code.push_back(
            {10 * code.major + code.minor, std::string(image_.bytes(address_of(code.cubin), code.bytes))});
    return step;
}

PlanVariant PlanReader::variant(const senet_variant_v1_t& v) const {
    PlanVariant variant;
    variant.name = text(v.name);
    variant.device = v.device;
    variant.capability = v.capability;
    variant.cpu_features = v.cpu_features;
    variant.buffers = table(v.buffers, v.num_buffers);
    for (const senet_buffer_v1_t& buffer : variant.buffers)
        if (buffer.dimensions == 0 || buffer.dimensions > SENET_MAX_DIMS)
            image_.fail("a buffer has a wrong number of dimensions");
    const std::vector<uint32_t> args = table(v.args, v.num_args);
    const size_t buffers = variant.buffers.size();
    for (const senet_step_v1_t& s : table(v.steps, v.num_steps)) variant.steps.push_back(step(s, args, buffers));
    for (int i : {0, 1}) variant.ingest[i] = step(v.ingest[i], args, buffers);
    variant.logits = v.logits;
    variant.arena_bytes = v.arena_bytes;
    variant.scratch_bytes = v.scratch_bytes;
    return variant;
}

Plan PlanReader::plan(const senet_model_v1_t& model) {
    Plan plan;
    plan.name = text(model.name);
    plan.producer = text(model.producer);
    plan.description = text(model.description);
    plan.channels = model.channels;
    plan.height = model.height;
    plan.width = model.width;
    plan.classes = model.classes;
    plan.preprocess = model.preprocess;
    plan.graph = text(model.graph);
    plan.flags = text(model.flags);
    if (model.labels)
        for (const char* label : table(model.labels, model.classes)) plan.labels.push_back(text(label));
    for (const senet_variant_v1_t& v : table(model.variants, model.num_variants)) plan.variants.push_back(variant(v));
    return plan;
}

}  // namespace

void read_plan(const ElfImage& image, Library& library) {
    PlanReader reader(image);
    const senet_model_v1_t model = reader.model_struct();
    if (model.abi_version != SENET_MODEL_ABI_VERSION)
        throw Error(fmt::format("{}: it has model ABI {}, and this senetc reads {}: use the senetc that built it",
                                library.path, model.abi_version, SENET_MODEL_ABI_VERSION));
    library.plan = reader.plan(model);
    if (library.plan.variants.empty()) image.fail("it has no variants");
    library.weights_bytes = model.weights_bytes;
    library.weights_address = address_of(model.weights);
    library.weights_file = image.text(address_of(model.weights_file));
    library.weights_hash = hex(model.weights_hash);
    library.build_id = hex(model.build_id);
}

}  // namespace senetc::inspect
