#include "generators/compiler/gpu_module.h"

#include <fmt/format.h>

#include "models/error.h"

namespace senetc {

using namespace Halide;
using namespace Halide::Internal;

namespace {

// Loops of GPUs have become launches by now, so every store is the CPU's.
class FindStore : public IRVisitor {
  public:
    std::string stored;

  private:
    using IRVisitor::visit;
    void visit(const Store* op) override { stored = op->name; }
};

}  // namespace

std::string gpu_source_of(const Module& module) {
    FindStore on_cpu;
    for (const LoweredFunc& function : module.functions()) function.body.accept(&on_cpu);
    if (!on_cpu.stored.empty())
        throw Error(fmt::format("the loops of '{}' are left to the CPU, in a kernel for GPUs", on_cpu.stored));
    const Buffer<> source = module.get_device_code_buffer();
    if (!source.defined()) throw Error("a kernel for GPUs has no loop that runs on one");
    const std::string text(static_cast<const char*>(source.data()), source.size_in_bytes());
    return text.substr(0, text.find('\0'));
}

}  // namespace senetc
