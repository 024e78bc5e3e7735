#include <cstddef>

#include "generators/package/plan_module.h"
#include "llvm/IR/IRBuilder.h"

namespace senetc::package {
namespace {
using namespace llvm;

// Defines `name` as: return context->field(context, the other arguments), with the field `offset` bytes into
// senet_kernel_context_v1_t. It keeps no frame, so that a kernel's call costs one jump more than a direct one.
void add_forward(Module& module, const char* name, size_t offset, FunctionType* type) {
    Function* function = Function::Create(type, GlobalValue::ExternalLinkage, name, module);
    function->setVisibility(GlobalValue::HiddenVisibility);
    function->addFnAttr(Attribute::NoUnwind);
    IRBuilder<> code(BasicBlock::Create(module.getContext(), "", function));
    Value* field = code.CreateConstInBoundsGEP1_64(code.getInt8Ty(), function->getArg(0), offset);
    Value* target = code.CreateLoad(code.getPtrTy(), field);
    SmallVector<Value*, 5> args;
    for (Argument& argument : function->args()) args.push_back(&argument);
    CallInst* call = code.CreateCall(type, target, args);
    call->setTailCall();
    if (type->getReturnType()->isVoidTy())
        code.CreateRetVoid();
    else
        code.CreateRet(call);
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

}  // namespace senetc::package
