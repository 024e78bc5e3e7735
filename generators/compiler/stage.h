// A stage is one kernel's specification: which generator, with which parameters. Equal stages share one kernel, so
// everything that changes the code is in here, and nothing else is.
//
// The text form is the key everywhere: in dumps, journals, the cache, bench results and the child process's argument:
//     conv ci=64 co=256 in_h=56 in_w=56 kernel_h=1 kernel_w=1 stride=1 pad=0 in_halo=0 out_halo=0 act=none residual=0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/graph/tensor.h"
#include "schedules/schedule.h"

namespace senetc {

struct Stage {
    std::string generator;  // a Halide::Generator's registered name
    std::map<std::string, std::string>
        params;  // its GeneratorParams, except `schedule` (ordered: the key is canonical)

    int number(const std::string& param) const;  // throws std::out_of_range: a bug, not the user's fault
    auto operator<=>(const Stage&) const = default;
};
std::string to_string(const Stage& stage);
Stage parse_stage(const std::string& text);  // throws Error
bool has_sums(const Stage& stage);           // it stores sums of its map by tile
bool has_shortcut(const Stage& stage);       // of a conv: its residual is a 1x1 convolution of another map

// ---- What a kernel's arguments are: the one place that knows layouts ------------------------------------------------

// Maps are blocked, "NCHW16c": (c, x, y, block, image) with 16 channels innermost, the last block padded with zeros,
// and a halo of zeros `halo` wide on all four sides. Vectors are (c, block, image), 16 channels innermost. The
// network's input is planar (x, y, channel, image) with a halo, where the first stage can read that.
constexpr int kBlock = 16;
inline int divide_up(int a, int b) {
    return (a + b - 1) / b;
}
inline int blocks(int channels) {
    return divide_up(channels, kBlock);
}
// Output blocks that a row of packed weights holds side by side, so that one register tile may cover two of them.
inline int blocks_per_row(int out_channels) {
    return blocks(out_channels) % 2 == 0 ? 2 : 1;
}

enum class Role { input, parameter, output };

struct Argument {
    // As in the generator: "input", "gate_vector", "residual_map" or "shortcut_map", "weight", "bias", "tile_sums",
    // "output".
    std::string name;
    Role role = Role::input;
    int type_code = 2, type_bits = 32;  // halide_type_code_t
    struct Dim {
        int min, extent, stride;  // stride in elements
    };
    std::vector<Dim> dims;  // of the view that the kernel gets; a batched argument's last is the image, extent 1 here
    bool batched = false;
    int64_t storage_elements = 0;  // elements of one image's storage, or of the whole parameter
    int64_t start = 0;             // element where the view begins in the storage
    int64_t read_elements = 0;     // what the kernel reads of the view; 0: all
    int halo = 0;                  // of a blocked map: zeros around it in the storage
    std::string packing;           // of a parameter: how pack_parameter lays it out; equal text = equal bytes
};

// In the kernel's order: inputs, parameters, outputs. Sums, if collected, come before the map, if stored; what is last
// is the stage's result.
std::vector<Argument> arguments(const Stage& stage, const Schedule& schedule);

struct MapShape {
    int channels, height, width;
};
// A stage's map as its kernel computes it: flattened to one row where possible (stage_arguments.cpp), even if only its
// sums are stored.
MapShape output_map(const Stage& stage);

// 2 x multiply-adds of a direct evaluation of one image, padding counted.
int64_t flops(const Stage& stage);

// Read and written for one image, each argument once.
int64_t moved_bytes(const Stage& stage, const Schedule& schedule);

// Of one image's storage of all arguments of a role, halos included.
int64_t storage_bytes(const Stage& stage, const Schedule& schedule, Role role);

}  // namespace senetc
