// The compiler's IR: a network for one image, as a list of nodes in the order of evaluation.
//
// Every node computes one value. Values are float maps [channels, height, width] or vectors [channels]; there is no
// batch dimension: a batch is the same graph for every image. Constants (weights) are named and live beside the nodes.
// print.h gives the text form, verify.h says what is legal.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "models/graph/tensor.h"

namespace senetc {

using ValueId = int;  // index of the node in Graph::nodes that computes the value

enum class Activation { none, relu, sigmoid };

// Where a convolution is multiplied by a gate vector, one factor a channel.
enum class Gate { none, input, output };

// ---- Operations: plain structs; a string member that ends in _name is the name of a constant ("" = absent) ---

struct InputOp {};

// 2-D convolution as PyTorch's Conv2d, dilation 1: inputs (x), then the gate vector unless gate is none, then, fused
// with a residual, the residual: see gate_input and residual_input.
//     none:    y = activation(conv(x, weight) + bias [+ residual])
//     output:  y = activation(gate * (conv(x, weight) + bias) [+ residual]), gate [out]; dense convolutions only
//     input:   y = activation(conv(gate * x, weight) + bias [+ residual]), gate [in]; depthwise convolutions only
// weight [out, in / groups, kernel_h, kernel_w], bias [out]. groups is 1, or equal to the input's and output's channels
// (depthwise). With a shortcut weight [out, in of the last input, 1, 1] and bias [out], the residual isn't the last
// input but its 1x1 convolution with shortcut_stride; dense convolutions only. sums: the kernel also collects the sums
// of its value that the pool or window_means after it needs; the value itself is the same.
struct ConvOp {
    int out_channels = 0, kernel_h = 1, kernel_w = 1, stride = 1, pad = 0, groups = 1;
    std::string weight_name, bias_name;
    Activation activation = Activation::none;
    Gate gate = Gate::none;
    bool sums = false;
    std::string shortcut_weight_name = "", shortcut_bias_name = "";
    int shortcut_stride = 1;
};

// Inference BatchNorm2d: y = activation((x - mean) / sqrt(variance + epsilon) * weight + bias), all constants
// [channels].
struct BatchNormOp {
    std::string weight_name, bias_name, mean_name, variance_name;
    double epsilon = 1e-5;
    Activation activation = Activation::none;
};

struct ActivationOp {
    Activation kind = Activation::relu;
};
struct AddOp {};            // (a, b): equal types
struct ScaleOp {};          // (x, gate vector): y[c,h,w] = x[c,h,w] * gate[c]; x is a map or a vector
struct GlobalAvgPoolOp {};  // map -> vector: the mean over height and width
struct MaxPoolOp {
    int kernel = 3, stride = 2, pad = 1;
};  // padding never wins
// vector -> vector: y = activation(weight x + bias), weight [out, in], bias [out] or absent.
struct LinearOp {
    int out_features = 0;
    std::string weight_name, bias_name;
    Activation activation = Activation::none;
};

// ---- What the passes make of them -------------------------------------------------------------------------

// The squeeze-and-excitation gate from the squeezed vector: sigmoid(W2 relu(W1 s + b1) + b2). Biases may be absent.
// W1 [hidden, channels of s], W2 [out, hidden] (Hu et al. 2018, eq. 3); s is longer than the gate when a convolution
// has been folded into W1.
struct ExciteOp {
    int hidden = 0, out_channels = 0;
    std::string w1_name, b1_name, w2_name, b2_name;
};
// (x, gate) or (x, gate, residual), x and residual maps or vectors: y = activation(x * gate [+ residual]). sums as in
// ConvOp.
struct ScaleAddOp {
    Activation activation = Activation::none;
    bool sums = false;
};
// (a, b): y = activation(a + b). sums as in ConvOp.
struct AddActivationOp {
    Activation activation = Activation::none;
    bool sums = false;
};
// map -> vector [kernel * kernel * channels]: what each tap of a convolution with this kernel, stride 1 and this pad
// sees, on average. Element (ky * kernel + kx) * channels + c is the mean over the convolution's output positions (y,
// x) of the zero-padded x[c, y + ky - pad, x + kx - pad].
struct WindowMeansOp {
    int kernel = 3, pad = 1;
};

using Op = std::variant<InputOp, ConvOp, BatchNormOp, ActivationOp, AddOp, ScaleOp, GlobalAvgPoolOp, MaxPoolOp,
                        LinearOp, ExciteOp, ScaleAddOp, AddActivationOp, WindowMeansOp>;

// [channels, height, width], or a vector when height = width = 0. channels = 0: not inferred yet.
struct Type {
    int channels = 0, height = 0, width = 0;
    bool is_map() const { return height > 0; }
    bool known() const { return channels > 0; }
    bool operator==(const Type&) const = default;
};

struct Node {
    std::string name;  // unique, dotted as in PyTorch: "layer1.0.conv1"
    Op op;
    std::vector<ValueId> inputs;
    Type type;              // of the value; set by infer_shapes (the input's is given)
    std::string stage;      // the network's public name for this value ("layer1"), or ""
    std::string note = "";  // one line that a pass left for who reads a dump; means nothing to the compiler
};

// The positions in node.inputs of its gate vector and of what is added to its value before the activation; -1 when
// there is none.
int gate_input(const Node& node);
int residual_input(const Node& node);

struct Graph {
    std::string name;
    std::vector<Node> nodes;  // inputs of a node come before it; nodes[0] is the only InputOp
    ValueId output = -1;
    std::map<std::string, Tensor> constants;
};

// The one table of what an operation's name in text is, e.g. "conv", "scale_add".
std::string op_name(const Op& op);

}  // namespace senetc
