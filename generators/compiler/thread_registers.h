// Registers of a GPU's threads.
#pragma once

#include <Halide.h>

#include <map>
#include <string>

namespace senetc {

// A custom pass at the end of Halide's lowering. Accumulators that are computed for a block of threads, so that what
// they read may be staged in shared memory, are one array of registers for all of the block's threads, and in kernels
// every thread has it whole, with indices that depend on the thread: memory instead of registers. A thread uses its own
// part alone. So here all threads use the first one's indices, which are constants, and the array ends where its part
// does.
//
// Throws std::logic_error where a thread's part isn't the first one's moved, by as much from the first store to the
// last load: another thread might have written it.
class ThreadRegisters : public Halide::Internal::IRMutator {
  public:
    using IRMutator::mutate;

  private:
    struct Array {
        Halide::Expr moved;  // what a thread's indices are more than the first's
        int64_t elements = 0;
    };

    using IRMutator::visit;
    Halide::Internal::Stmt visit(const Halide::Internal::For* op) override;
    Halide::Internal::Stmt visit(const Halide::Internal::LetStmt* op) override;
    Halide::Expr visit(const Halide::Internal::Let* op) override;
    Halide::Internal::Stmt visit(const Halide::Internal::Allocate* op) override;
    Halide::Internal::Stmt visit(const Halide::Internal::Store* op) override;
    Halide::Expr visit(const Halide::Internal::Load* op) override;

    Halide::Expr of_first_thread(const std::string& name, const Halide::Expr& index);

    bool in_block_ = false;
    Halide::Internal::Scope<> loops_;               // in a block, that aren't its threads'
    Halide::Internal::Scope<Halide::Expr> values_;  // of lets
    std::map<std::string, Halide::Expr> first_;     // of the threads' variables
    std::map<std::string, Array> arrays_;
};

}  // namespace senetc
