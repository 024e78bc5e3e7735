// How much heap a pipeline asks for.
#pragma once

#include <Halide.h>

#include <cstdint>
#include <string>

namespace senetc {

// A custom pass at the end of Halide's lowering, which looks and changes nothing: later passes hide what bounds a
// parallel task's buffers.
class ScratchMeter : public Halide::Internal::IRMutator {
  public:
    using IRMutator::mutate;
    Halide::Internal::Stmt mutate(const Halide::Internal::Stmt& stmt) override;

    // The sum of all heap allocations, as if all were alive at once. Throws Error when a size is unbounded: the
    // runtime's scratch is planned ahead.
    int64_t bytes() const;

  private:
    int64_t bytes_ = 0;
    std::string unbounded_;
};

}  // namespace senetc
