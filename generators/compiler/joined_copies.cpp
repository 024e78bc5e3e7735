#include "generators/compiler/joined_copies.h"

namespace senetc {

using namespace Halide;
using namespace Halide::Internal;

namespace {

bool is_barrier(const Stmt& stmt) {
    const auto* evaluate = stmt.as<Evaluate>();
    const auto* call = evaluate != nullptr ? evaluate->value.as<Call>() : nullptr;
    return call != nullptr && call->is_intrinsic(Call::gpu_thread_barrier);
}

bool is_producer(const Stmt& stmt) {
    const auto* op = stmt.as<ProducerConsumer>();
    return op != nullptr && op->is_producer;
}

// Reads statements up to the first barrier.
class UpToBarrier : public IRVisitor {
  public:
    explicit UpToBarrier(const std::set<std::string>& shared) : shared_(shared) {}
    bool only_copies = true, copies = false, barrier = false;

  private:
    using IRVisitor::visit;
    void visit(const Block* op) override {
        op->first.accept(this);
        if (!barrier) op->rest.accept(this);
    }
    void visit(const Evaluate* op) override {
        barrier = barrier || is_barrier(op);
        IRVisitor::visit(op);
    }
    void visit(const Store* op) override {
        copies = true;
        only_copies = only_copies && shared_.count(op->name) != 0;
        IRVisitor::visit(op);
    }
    void visit(const Load* op) override {
        only_copies = only_copies && shared_.count(op->name) == 0;
        IRVisitor::visit(op);
    }
    // A loop's barriers are met again, a branch's perhaps never.
    void visit(const For* op) override { without_barrier(op); }
    void visit(const IfThenElse* op) override { without_barrier(op); }

    void without_barrier(const auto* op) {
        IRVisitor::visit(op);
        only_copies = only_copies && !barrier;
    }

    const std::set<std::string>& shared_;
};

}  // namespace

Stmt JoinedCopies::visit(const Allocate* op) {
    if (op->memory_type == MemoryType::GPUShared) shared_.insert(op->name);
    return IRMutator::visit(op);
}

Stmt JoinedCopies::visit(const Block* op) {
    const auto* rest = op->rest.as<Block>();
    if (rest == nullptr || !is_producer(op->first) || !is_barrier(rest->first)) return IRMutator::visit(op);
    UpToBarrier before(shared_), after(shared_);
    op->first.accept(&before);
    rest->rest.accept(&after);
    const bool joined =
        before.copies && before.only_copies && !before.barrier && after.copies && after.only_copies && after.barrier;
    if (!joined) return IRMutator::visit(op);
    return Block::make(mutate(op->first), mutate(rest->rest));
}

}  // namespace senetc
