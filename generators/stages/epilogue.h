// What a kernel does to a finished value before storing it, and how it sums what it stores.
#pragma once

#include <Halide.h>

#include "generators/stages/activation.h"

namespace senetc {

// activation(gate[c] * value + residual[c, y, x]); `gate` (c, k, n) and `residual` (c, x, y, k, n) may be null.
template <class Gate, class Residual>
Halide::Expr epilogue(ActivationKind act, Halide::Expr value, Gate* gate, Residual* residual, const Halide::Expr& c,
                      const Halide::Expr& x, const Halide::Expr& y, const Halide::Expr& k, const Halide::Expr& n) {
    if (gate != nullptr) value *= (*gate)(c, k, n);
    if (residual != nullptr) value += (*residual)(c, x, y, k, n);
    return activate(act, value);
}

}  // namespace senetc
