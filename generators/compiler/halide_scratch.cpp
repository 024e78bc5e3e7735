#include "generators/compiler/halide_scratch.h"

#include <fmt/format.h>

#include "models/error.h"

namespace senetc {

using namespace Halide;
using namespace Halide::Internal;

namespace {

constexpr int64_t kStackLimit = 16 * 1024;  // Halide keeps constant allocations up to this size on the stack
constexpr int64_t kHeapSlack = 128;         // alignment, and the vector that Halide adds for loads past the end

class SumHeapAllocations : public IRVisitor {
  public:
    int64_t bytes = 0;

  private:
    using IRVisitor::visit;

    void visit(const Allocate* op) override {
        IRVisitor::visit(op);
        if (op->memory_type == MemoryType::Stack || op->memory_type == MemoryType::Register) return;
        const int64_t size = int64_t{op->constant_allocation_size()} * op->type.bytes();
        if (size == 0) throw Error(fmt::format("the kernel's buffer '{}' has no constant size", op->name));
        if (size > kStackLimit || op->memory_type == MemoryType::Heap) bytes += size + kHeapSlack;
    }
};

}  // namespace

int64_t scratch_bytes(const Module& module) {
    SumHeapAllocations sum;
    for (const auto& function : module.functions()) function.body.accept(&sum);
    return sum.bytes;
}

}  // namespace senetc
