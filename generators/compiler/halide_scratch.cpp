#include "generators/compiler/halide_scratch.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/error.h"

namespace senetc {

using namespace Halide;
using namespace Halide::Internal;

namespace {

constexpr int64_t kStackLimit = 16 * 1024;  // Halide keeps constant allocations up to this size on the stack
constexpr int64_t kMostElements = int64_t{1} << 30;
constexpr int64_t kHeapSlack = 128;  // alignment, and the vector that Halide adds for loads past the end

// Loops and lets around an allocation bound what its size depends on: the last of several tiles may be smaller.
class SumHeapAllocations : public IRVisitor {
  public:
    int64_t bytes = 0;
    std::string unbounded;  // a buffer whose size nothing bounds

  private:
    using IRVisitor::visit;

    void visit(const For* op) override {
        if (is_gpu(op->for_type)) return;  // registers and shared memory
        const Expr least = bound(op->min, Direction::Lower), most = bound(op->min + op->extent - 1, Direction::Upper);
        const ScopedBinding<Interval> loop(variables_, op->name, interval(least, most));
        IRVisitor::visit(op);
    }

    void visit(const LetStmt* op) override {
        const Expr least = bound(op->value, Direction::Lower), most = bound(op->value, Direction::Upper);
        const ScopedBinding<Interval> let(variables_, op->name, interval(least, most));
        IRVisitor::visit(op);
    }

    void visit(const Allocate* op) override {
        IRVisitor::visit(op);
        const bool on_device = is_const_zero(op->condition);  // then none of it lies on the host
        if (op->memory_type == MemoryType::Register || on_device) return;
        int64_t size = int64_t{op->constant_allocation_size()} * op->type.bytes();
        const bool heap = size == 0 || size > kStackLimit || op->memory_type == MemoryType::Heap;
        if (size == 0) size = most_elements(*op) * op->type.bytes();
        if (heap) bytes += size + kHeapSlack;
    }

    int64_t most_elements(const Allocate& op) {
        int64_t elements = 1;
        for (const Expr& extent : op.extents) {
            const auto most = as_const_int(bound(extent, Direction::Upper));
            if (!most || *most > kMostElements / elements) {
                unbounded = op.name;
                return 0;
            }
            elements *= std::max<int64_t>(*most, 1);
        }
        return elements;
    }

    Expr bound(const Expr& value, Direction direction) const {
        return find_constant_bound(value, direction, variables_);
    }

    static Interval interval(const Expr& least, const Expr& most) {
        return {least.defined() ? least : Interval::neg_inf(), most.defined() ? most : Interval::pos_inf()};
    }

    Scope<Interval> variables_;
};

}  // namespace

Stmt ScratchMeter::mutate(const Stmt& stmt) {
    SumHeapAllocations sum;
    stmt.accept(&sum);
    bytes_ = sum.bytes;
    unbounded_ = sum.unbounded;
    return stmt;
}

int64_t ScratchMeter::bytes() const {
    if (!unbounded_.empty())
        throw Error(fmt::format("the kernel's buffer '{}' has no size that is known at build time", unbounded_));
    return bytes_;
}

}  // namespace senetc
