#include <cstddef>

#include "generators/package/plan_module.h"
#include "llvm/IR/IRBuilder.h"

namespace senetc::package {
namespace {
using namespace llvm;

// A function that calls a field of its context, which is its first argument.
struct Forward {
    const char* name;
    size_t offset;        // of the field
    FunctionType* type;   // the function's
    FunctionType* field;  // as `type`, or with fewer arguments, or with a result that the function hasn't
};

// Without a body yet.
Function* add_hidden(Module& module, const char* name, FunctionType* type) {
    Function* function = Function::Create(type, GlobalValue::ExternalLinkage, name, module);
    function->setVisibility(GlobalValue::HiddenVisibility);
    function->addFnAttr(Attribute::NoUnwind);
    return function;
}

// Defines it as: return context->field(context, the other arguments). It keeps no frame, so that a kernel's call costs
// one jump more than a direct one.
void add_forward(Module& module, const Forward& forward) {
    Function* function = add_hidden(module, forward.name, forward.type);
    IRBuilder<> code(BasicBlock::Create(module.getContext(), "", function));
    Value* field = code.CreateConstInBoundsGEP1_64(code.getInt8Ty(), function->getArg(0), forward.offset);
    Value* target = code.CreateLoad(code.getPtrTy(), field);
    SmallVector<Value*, 13> args;
    for (unsigned i = 0; i < forward.field->getNumParams(); i++) args.push_back(function->getArg(i));
    CallInst* call = code.CreateCall(forward.field, target, args);
    call->setTailCall();
    if (forward.type->getReturnType()->isVoidTy())
        code.CreateRetVoid();
    else
        code.CreateRet(call);
}

void add_forward(Module& module, const char* name, size_t offset, FunctionType* type) {
    add_forward(module, {name, offset, type, type});
}

// Defines `name` as: do nothing, return 0, if anything.
void add_nothing(Module& module, const char* name, FunctionType* type) {
    IRBuilder<> code(BasicBlock::Create(module.getContext(), "", add_hidden(module, name, type)));
    Type* result = type->getReturnType();
    if (result->isVoidTy())
        code.CreateRetVoid();
    else
        code.CreateRet(Constant::getNullValue(result));
}

}  // namespace

void add_query(Module& module, const std::string& name, GlobalVariable* model) {
    IRBuilder<> code(module.getContext());
    FunctionType* type = FunctionType::get(code.getPtrTy(), {code.getInt32Ty()}, false);
    Function* function = Function::Create(type, GlobalValue::ExternalLinkage, query_symbol(name), module);
    function->addFnAttr(Attribute::NoUnwind);
    code.SetInsertPoint(BasicBlock::Create(module.getContext(), "", function));
    Value* too_old = code.CreateICmpULT(function->getArg(0), code.getInt32(SENET_MODEL_ABI_VERSION));
    code.CreateRet(code.CreateSelect(too_old, ConstantPointerNull::get(code.getPtrTy()), model));
}

void add_forwards(Module& module) {
    IRBuilder<> types(module.getContext());
    Type *pointer = types.getPtrTy(), *integer = types.getInt32Ty();
    Type* size = module.getDataLayout().getIntPtrType(module.getContext());
    add_forward(module, "halide_malloc", offsetof(senet_kernel_context_v1_t, allocate),
                FunctionType::get(pointer, {pointer, size}, false));
    add_forward(module, "halide_free", offsetof(senet_kernel_context_v1_t, release),
                FunctionType::get(types.getVoidTy(), {pointer, pointer}, false));
    add_forward(module, "halide_do_par_for", offsetof(senet_kernel_context_v1_t, do_par_for),
                FunctionType::get(integer, {pointer, pointer, integer, integer, pointer}, false));
}

// The interface of a device is a table of functions that Halide's own runtime would call, so it is NULL. Memory is
// released twice: in its turn, and as what an early return would have left.
void add_gpu_forwards(Module& module) {
    IRBuilder<> types(module.getContext());
    Type *pointer = types.getPtrTy(), *integer = types.getInt32Ty(), *none = types.getVoidTy();
    const auto function = [](Type* result, ArrayRef<Type*> params) { return FunctionType::get(result, params, false); };
    FunctionType* one_buffer = function(integer, {pointer, pointer});
    FunctionType* buffer_of_device = function(integer, {pointer, pointer, pointer});
    FunctionType* destructor = function(none, {pointer, pointer});
    SmallVector<Type*, 13> launch = {pointer, pointer, pointer};  // context, module, kernel
    launch.append(7, integer);                                    // blocks, threads, shared bytes
    launch.append(3, pointer);                                    // sizes, arguments, which of them are buffers
    using Context = senet_gpu_context_v1_t;
    add_forward(module, "halide_cuda_initialize_kernels", offsetof(Context, load),
                function(integer, {pointer, pointer, pointer, integer}));
    add_forward(module, "halide_cuda_run", offsetof(Context, launch), function(integer, launch));
    add_nothing(module, "halide_cuda_finalize_kernels", destructor);
    add_nothing(module, "halide_cuda_device_interface", function(pointer, {}));
    add_nothing(module, "halide_copy_to_device", buffer_of_device);
    add_forward(module, {"halide_device_malloc", offsetof(Context, allocate), buffer_of_device, one_buffer});
    add_forward(module, "halide_device_free", offsetof(Context, release), one_buffer);
    add_forward(module, {"halide_device_free_as_destructor", offsetof(Context, release), destructor, one_buffer});
}

}  // namespace senetc::package
