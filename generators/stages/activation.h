// The activations that a stage may end with.
#pragma once

#include <Halide.h>

#include <map>
#include <string>

namespace senetc {

enum class ActivationKind { none, relu, sigmoid };

inline const std::map<std::string, ActivationKind>& activation_names() {
    static const std::map<std::string, ActivationKind> names = {
        {"none", ActivationKind::none}, {"relu", ActivationKind::relu}, {"sigmoid", ActivationKind::sigmoid}};
    return names;
}

inline Halide::Expr sigmoid(const Halide::Expr& x) {
    return 1.0f / (1.0f + Halide::exp(-x));
}

inline Halide::Expr activate(ActivationKind kind, const Halide::Expr& x) {
    switch (kind) {
        case ActivationKind::relu:
            return Halide::max(x, 0.0f);
        case ActivationKind::sigmoid:
            return sigmoid(x);
        case ActivationKind::none:
            break;
    }
    return x;
}

}  // namespace senetc
