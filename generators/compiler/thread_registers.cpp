#include "generators/compiler/thread_registers.h"

#include <stdexcept>

namespace senetc {

using namespace Halide;
using namespace Halide::Internal;

namespace {

// With the lets that it uses.
Expr written_out(const Expr& index, const Scope<Expr>& values) {
    class WriteOut : public IRMutator {
      public:
        explicit WriteOut(const Scope<Expr>& values) : values_(values) {}
        using IRMutator::mutate;

      private:
        using IRMutator::visit;
        Expr visit(const Variable* op) override {
            const Expr* value = values_.find(op->name);
            return value != nullptr ? mutate(*value) : Expr(op);
        }
        const Scope<Expr>& values_;
    };
    return WriteOut(values).mutate(index);
}

// Of consecutive elements.
Expr beginning(const Expr& index) {
    const Ramp* ramp = index.as<Ramp>();
    return ramp != nullptr && is_const_one(ramp->stride) ? ramp->base : index;
}

}  // namespace

Stmt ThreadRegisters::visit(const For* op) {
    const bool of_block = op->for_type == ForType::GPUBlock, of_thread = op->for_type == ForType::GPUThread;
    const ScopedBinding<> of_loop(in_block_ && !of_block && !of_thread, loops_, op->name);
    const ScopedValue<bool> in_block(in_block_, in_block_ || of_block);
    if (!of_thread) return IRMutator::visit(op);
    first_[op->name] = make_zero(Int(32));
    Stmt loop = IRMutator::visit(op);
    first_.erase(op->name);
    return loop;
}

Stmt ThreadRegisters::visit(const LetStmt* op) {
    const ScopedBinding<Expr> value(values_, op->name, op->value);
    return IRMutator::visit(op);
}

Expr ThreadRegisters::visit(const Let* op) {
    const ScopedBinding<Expr> value(values_, op->name, op->value);
    return IRMutator::visit(op);
}

Stmt ThreadRegisters::visit(const Allocate* op) {
    if (!in_block_ || !first_.empty() || op->memory_type != MemoryType::Register) return IRMutator::visit(op);
    arrays_[op->name] = {};
    const Stmt body = mutate(op->body);
    const Expr elements = make_const(Int(32), arrays_.at(op->name).elements);
    arrays_.erase(op->name);
    return Allocate::make(op->name, op->type, op->memory_type, {elements}, op->condition, body);
}

Stmt ThreadRegisters::visit(const Store* op) {
    if (arrays_.count(op->name) == 0) return IRMutator::visit(op);
    const Expr index = of_first_thread(op->name, op->index);
    return Store::make(op->name, mutate(op->value), index, op->param, mutate(op->predicate), ModulusRemainder());
}

Expr ThreadRegisters::visit(const Load* op) {
    if (arrays_.count(op->name) == 0) return IRMutator::visit(op);
    const Expr index = of_first_thread(op->name, op->index);
    return Load::make(op->type, op->name, index, op->image, op->param, mutate(op->predicate), ModulusRemainder());
}

Expr ThreadRegisters::of_first_thread(const std::string& name, const Expr& index) {
    const Expr of_any = simplify(written_out(index, values_));
    const Expr of_first = simplify(substitute(first_, of_any));
    const Expr begin = beginning(of_first), moved = simplify(beginning(of_any) - begin);
    const auto at = as_const_int(begin);
    if (!at || moved.type().is_vector())
        throw std::logic_error("a thread's register in '" + name + "' has no constant index");
    Array& array = arrays_.at(name);
    const bool same = !array.moved.defined() || can_prove(array.moved == moved);
    if (!same || expr_uses_vars(moved, loops_)) throw std::logic_error("threads share registers of '" + name + "'");
    array.moved = moved;
    array.elements = std::max(array.elements, *at + of_first.type().lanes());
    return of_first;
}

}  // namespace senetc
