// Copies into a GPU's shared memory.
#pragma once

#include <Halide.h>

#include <set>
#include <string>

namespace senetc {

// A custom pass at the end of Halide's lowering, which puts a barrier of a block's threads after each producer in
// shared memory. Of two copies in a row only the second one's is needed, and without the first's the second's loads
// needn't wait for the first's. Copies are whole producers that store to shared memory alone, and read none of it: two
// definitions of one producer may have different threads store the same element.
class JoinedCopies : public Halide::Internal::IRMutator {
  public:
    using IRMutator::mutate;

  private:
    using IRMutator::visit;
    Halide::Internal::Stmt visit(const Halide::Internal::Allocate* op) override;
    Halide::Internal::Stmt visit(const Halide::Internal::Block* op) override;

    std::set<std::string> shared_;
};

}  // namespace senetc
