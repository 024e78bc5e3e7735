// What a generator hands to its schedule: the Funcs and Vars that a schedule may touch, and nothing of the mathematics.
#pragma once

#include <Halide.h>

#include <vector>

namespace senetc {

// Coordinates of a blocked map: lane c of 16, column x, row y, block of 16 channels k, image n.
struct MapVars {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, k{"k"}, n{"n"};
};

// A map computed straight from its inputs: depthwise conv, pooling, elementwise stages.
struct MapHandles {
    MapVars v;
    Halide::Func output;
};

// A map that sums over many input channels.
struct ConvHandles {
    MapVars v;
    Halide::Func sum;                // begins as the bias; one update over `taps`
    std::vector<Halide::RVar> taps;  // innermost first, in the order of the packed weights
    Halide::Func output;             // activation and residual on the finished sum
};

// The squeeze: row sums, their total, the mean. All three have several partial sums `part` per channel.
struct SqueezeHandles {
    MapVars v;
    Halide::Var part{"part"};
    Halide::Func row;  // (c, part, y, k, n)
    std::vector<Halide::RDom> row_updates;
    Halide::Func total;  // (c, part, k, n), updated over `rows`
    Halide::RVar rows;
    Halide::Func output;  // (c, k, n)
};

struct ExciteHandles {
    MapVars v;
    Halide::Var h{"h"};  // hidden unit
    Halide::Func lanes;  // (c, h, n): one dot product's 16 partial sums, updated over `squeeze_blocks`
    Halide::RVar squeeze_blocks;
    Halide::Func dot;  // (h, n): their sum, updated over `dot_lanes`
    Halide::RVar dot_lanes;
    Halide::Func hidden;    // (h, n)
    Halide::Func gate_sum;  // (c, k, n), updated over `units`
    Halide::RVar units;
    Halide::Func output;  // (c, k, n)
};

struct DenseHandles {
    MapVars v;
    Halide::Var part{"part"}, o{"o"};
    Halide::Func sums;  // (c, part, k, n), updated over `parts`, `steps`, `blocks`, the order of the packed weights
    Halide::RVar parts, steps, blocks;
    Halide::Func output;  // (c, k, n), or (o, n) for logits
};

// The network's input: (x, y, channel, n) planar, or blocked.
struct IngestHandles {
    MapVars v;
    Halide::Func output;
    bool planar;
};

}  // namespace senetc
