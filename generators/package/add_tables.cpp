#include <fmt/format.h>

#include "generators/package/plan_module.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Constants.h"
#include "models/error.h"

namespace senetc::package {
namespace {
using namespace llvm;

// Spells the structs of senet/model_abi.h as constants, field by field and in their order; padding follows from the
// types as it does in C, and `record` checks that it came out at C's size.
class Tables {
  public:
    explicit Tables(Module& module) : module_(module), context_(module.getContext()) {}

    Constant* model(const PackageInput& input, const FileHash& weights);

  private:
    Constant* u32(uint32_t x) { return ConstantInt::get(Type::getInt32Ty(context_), x); }
    Constant* u64(uint64_t x) { return ConstantInt::get(Type::getInt64Ty(context_), x); }
    Constant* floats(const float (&x)[4]) { return ConstantDataArray::get(context_, ArrayRef<float>(x)); }
    Constant* null() { return ConstantPointerNull::get(PointerType::getUnqual(context_)); }

    template <typename Struct>
    Constant* record(ArrayRef<Constant*> fields) {
        Constant* value = ConstantStruct::getAnon(context_, fields);
        if (module_.getDataLayout().getTypeAllocSize(value->getType()) != sizeof(Struct))
            throw senetc::Error(fmt::format("'{}' lays structs out unlike this machine, so senetc can't package for it",
                                            module_.getTargetTriple()));
        return value;
    }

    GlobalVariable* global(Constant* value) {
        auto* variable = new GlobalVariable(module_, value->getType(), true, GlobalValue::PrivateLinkage, value, "");
        variable->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
        return variable;
    }
    // NULL when there are no elements.
    Constant* table(ArrayRef<Constant*> elements) {
        if (elements.empty()) return null();
        return global(ConstantArray::get(ArrayType::get(elements[0]->getType(), elements.size()), elements));
    }
    // Equal strings are stored once.
    Constant* string(const std::string& text) {
        Constant*& stored = strings_[text];
        if (!stored) stored = global(ConstantDataArray::getString(context_, text));
        return stored;
    }
    Constant* bytes(const std::string& content) {
        Constant*& stored = bytes_[content];
        if (!stored) stored = global(ConstantDataArray::getString(context_, content, false));
        return stored;
    }
    Constant* string_or_null(const std::string& text) { return text.empty() ? null() : string(text); }

    Constant* kernel(const std::string& symbol) {
        auto* type = FunctionType::get(Type::getInt32Ty(context_), {PointerType::getUnqual(context_)}, false);
        return cast<Constant>(module_.getOrInsertFunction(symbol, type).getCallee());
    }
    // The file's bytes, taken in by the assembler: as constants in LLVM's IR, 112 MB of weights cost 0.85 GB of memory.
    // Pages of its own, so that weights can be advised and unmapped alone.
    Constant* weights_section(const std::string& path) {
        std::string quoted;
        for (char c : path) quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
        module_.appendModuleInlineAsm(".section " + kWeightsSection + ",\"a\",@progbits\n.p2align " +
                                      std::to_string(page_bits(module_.getTargetTriple())) +
                                      "\n.globl weights\n.hidden weights\nweights:\n.incbin \"" + quoted + "\"\n");
        auto* variable = new GlobalVariable(module_, Type::getInt8Ty(context_), true, GlobalValue::ExternalLinkage,
                                            nullptr, "weights");
        variable->setVisibility(GlobalValue::HiddenVisibility);
        return variable;
    }

    Constant* dim(const senet_dim_v1_t& d);
    Constant* buffer(const senet_buffer_v1_t& b);
    Constant* gpu_code(const std::vector<PlanGpuCode>& codes);
    Constant* step(const PlanStep& s, std::vector<Constant*>& args);
    Constant* variant(const PlanVariant& v);
    Constant* preprocess(const senet_preprocess_v1_t& p);
    Constant* labels(const std::vector<std::string>& names);

    Module& module_;
    LLVMContext& context_;
    StringMap<Constant*> strings_, bytes_;
};

Constant* Tables::dim(const senet_dim_v1_t& d) {
    return record<senet_dim_v1_t>({u32(d.min), u32(d.extent), u32(d.stride), u32(d.flags)});
}

Constant* Tables::buffer(const senet_buffer_v1_t& b) {
    std::vector<Constant*> dims;
    for (const senet_dim_v1_t& d : b.dim) dims.push_back(dim(d));
    Constant* all_dims = ConstantArray::get(ArrayType::get(dims[0]->getType(), dims.size()), dims);
    return record<senet_buffer_v1_t>({u32(b.storage), u32(b.type_code), u32(b.type_bits), u32(b.dimensions),
                                      u32(b.batched), u32(b.reserved), u64(b.offset), u64(b.start), all_dims});
}

// Appends the step's arguments to the variant's.
Constant* Tables::step(const PlanStep& s, std::vector<Constant*>& args) {
    const auto first_arg = static_cast<uint32_t>(args.size()), num_args = static_cast<uint32_t>(s.args.size());
    for (uint32_t index : s.args) args.push_back(u32(index));
    return record<senet_step_v1_t>(
        {string(s.name), string(s.kernel), string_or_null(s.schedule), string_or_null(s.schedule_source),
         string_or_null(s.stage), kernel(s.entry), u32(first_arg), u32(num_args), u32(s.halo), u32(s.interior_width),
         u32(s.interior_height), u32(s.channels), u32(s.height), u32(s.width), u32(s.outputs), u64(s.flops),
         u64(s.bytes), gpu_code(s.gpu_code), u32(static_cast<uint32_t>(s.gpu_code.size()))});
}

// Steps that share a kernel share its code's bytes.
Constant* Tables::gpu_code(const std::vector<PlanGpuCode>& codes) {
    std::vector<Constant*> entries;
    for (const PlanGpuCode& code : codes)
        entries.push_back(record<senet_gpu_code_v1_t>(
            {u32(code.capability / 10), u32(code.capability % 10), bytes(code.cubin), u64(code.cubin.size())}));
    return table(entries);
}

Constant* Tables::variant(const PlanVariant& v) {
    std::vector<Constant*> buffers, args, steps;
    for (const senet_buffer_v1_t& b : v.buffers) buffers.push_back(buffer(b));
    for (const PlanStep& s : v.steps) steps.push_back(step(s, args));
    Constant* ingest[2] = {step(v.ingest[0], args), step(v.ingest[1], args)};
    Constant* both = ConstantArray::get(ArrayType::get(ingest[0]->getType(), 2), ingest);
    return record<senet_variant_v1_t>(
        {string(v.name), u32(v.device), u32(v.capability), u64(v.cpu_features), table(buffers), table(args),
         table(steps), u32(static_cast<uint32_t>(buffers.size())), u32(static_cast<uint32_t>(args.size())),
         u32(static_cast<uint32_t>(steps.size())), u32(v.logits), both, u64(v.arena_bytes), u64(v.scratch_bytes)});
}

Constant* Tables::preprocess(const senet_preprocess_v1_t& p) {
    return record<senet_preprocess_v1_t>(
        {u32(p.resize), u32(p.crop_height), u32(p.crop_width), floats(p.mean), floats(p.deviation)});
}

Constant* Tables::labels(const std::vector<std::string>& names) {
    std::vector<Constant*> pointers;
    for (const std::string& name : names) pointers.push_back(string(name));
    return table(pointers);
}

Constant* Tables::model(const PackageInput& input, const FileHash& weights) {
    const Plan& plan = input.plan;
    std::vector<Constant*> variants;
    for (const PlanVariant& v : plan.variants) variants.push_back(variant(v));
    Constant* bytes = input.weights_beside ? null() : weights_section(input.weights);
    Constant* file = input.weights_beside ? string(weights_file_name(plan.name)) : null();
    Constant* hash = ConstantDataArray::get(context_, ArrayRef<uint64_t>(weights.hash));
    Constant* no_id = ConstantDataArray::get(context_, ArrayRef<uint64_t>({0, 0}));  // stamp_build_id puts it in
    return record<senet_model_v1_t>(
        {u32(SENET_MODEL_ABI_VERSION), u32(static_cast<uint32_t>(variants.size())), string(plan.name),
         string(plan.producer), string(plan.description), u32(plan.channels), u32(plan.height), u32(plan.width),
         u32(plan.classes), preprocess(plan.preprocess), labels(plan.labels), bytes, file, u64(weights.bytes), hash,
         table(variants), string_or_null(plan.graph), string_or_null(plan.flags), no_id});
}

}  // namespace

GlobalVariable* add_tables(Module& module, const PackageInput& input, const FileHash& weights) {
    Constant* model = Tables(module).model(input, weights);
    auto* variable =
        new GlobalVariable(module, model->getType(), true, GlobalValue::ExternalLinkage, model, kModelSymbol);
    variable->setVisibility(GlobalValue::HiddenVisibility);
    return variable;
}

}  // namespace senetc::package
