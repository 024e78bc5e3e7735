// What a generator hands to its schedule: the Funcs and Vars that a schedule may touch, and nothing of the mathematics.
#pragma once

#include <Halide.h>

#include <vector>

namespace senetc {

// Coordinates of a blocked map: lane c of 16, column x, row y, block of 16 channels k, image n; and of its register
// tiles: column tx, row ty.
struct MapVars {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, k{"k"}, n{"n"}, tx{"tx"}, ty{"ty"};
};

// What a stage with a blocked map as its result stores: the map (c, x, y, k, n), its sums by tile (c, tx, ty, k, n), or
// both. What isn't stored is undefined.
struct MapOutputs {
    Halide::Func map, sums;
    Halide::Func leader() const { return map.defined() ? map : sums; }
};

// A map computed straight from its inputs: depthwise conv, pooling, elementwise stages.
struct MapHandles {
    MapVars v;
    Halide::Func value;  // a pixel, when map and sums both need it
    MapOutputs out;
};

// A map that sums over many input channels.
struct ConvHandles {
    MapVars v;
    Halide::Func sum;                        // begins as the bias; one update over `taps`
    Halide::Func input, weight;              // what the update reads, blocked or planar
    std::vector<Halide::RVar> taps;          // innermost first, in the order of the packed weights
    Halide::Func shortcut, shortcut_weight;  // what a third update reads, after one that scales; or undefined
    std::vector<Halide::RVar> shortcut_channels;
    MapOutputs out;  // gate, residual and activation on the finished sum
};

// How Winograd cuts a map into tiles of m x m outputs, numbered p along rows. A band is `rows` rows of tiles, computed
// as `band_tiles` tiles: whole register tiles, so up to some that belong to the next band or lie past the map.
struct WinogradTiles {
    int m = 0, elements = 0;  // of a tile, each way: outputs, inputs
    int tiles_x = 0, tiles_y = 0, rows = 0, band_tiles = 0;

    // Rows of tiles that are computed, the last perhaps in part.
    int computed_rows() const {
        const int last_band = (tiles_y - 1) / rows * rows;
        return last_band + (band_tiles + tiles_x - 1) / tiles_x;
    }
};

// Winograd convolution; dimensions of each Func: generators/stages/winograd.cpp.
struct WinogradHandles {
    struct Vars {
        Halide::Var p{"p"}, ex{"ex"}, ey{"ey"}, i{"i"}, j{"j"};
    };
    MapVars v;  // tx, ty: a tile's column and row
    Vars w;
    WinogradTiles tiles;
    int input_blocks = 1;
    Halide::Func input_rows, spectrum;  // the input's transform, by rows, then columns
    Halide::Func sum, product;          // one update over `channels`: lane, block
    Halide::Func weight;                // what it reads beside the spectrum
    std::vector<Halide::RVar> channels;
    Halide::Func output_rows, value;  // the transform back, by rows, then columns with the epilogue
    MapOutputs out;
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

// The means under a window's taps: from a map's total and its border rows and columns, each twice: first and last.
struct WindowMeansHandles {
    MapVars v;
    Halide::Var tap{"tap"};
    Halide::Func total;        // (c, k, n), one update
    Halide::Func row, column;  // (c, x, k, n), x = 0 or 1, one update each
    Halide::Func output;       // (c, k, tap, n)
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
