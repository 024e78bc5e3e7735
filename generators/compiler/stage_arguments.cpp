// The layouts of every generator's arguments. Generators state the algorithm on coordinates; the extents, strides and
// halos written here become constraints on their buffers (emit_kernel) and views in the plan.
#include <fmt/format.h>

#include <stdexcept>

#include "generators/compiler/stage.h"

namespace senetc {

namespace {

using Dim = Argument::Dim;

// An elementwise or 1x1 stage whose maps have no halo sees each map as one long row: tiles then cross the ends of rows
// and a 7x7 map wastes nothing.
MapShape flattened(const MapShape& map, bool flat) {
    return flat ? MapShape{map.channels, 1, map.height * map.width} : map;
}

void append_image_dim(Argument& argument) {
    argument.dims.push_back({0, 1, static_cast<int>(argument.storage_elements)});
    argument.batched = true;
}

// (c, x, y, block, image). `read_halo`: the kernel reads the zeros around the map, so the view is the whole storage.
Argument blocked_map(std::string name, Role role, const MapShape& map, int halo, bool read_halo = false) {
    const int pitch = (map.width + 2 * halo) * kBlock;
    const int plane = pitch * (map.height + 2 * halo);
    const int seen = read_halo ? halo : 0;
    Argument argument;
    argument.name = std::move(name);
    argument.role = role;
    argument.dims = {Dim{0, kBlock, 1}, Dim{-seen, map.width + 2 * seen, kBlock},
                     Dim{-seen, map.height + 2 * seen, pitch}, Dim{0, blocks(map.channels), plane}};
    argument.storage_elements = int64_t{plane} * blocks(map.channels);
    argument.start = int64_t{halo - seen} * (pitch + kBlock);
    argument.halo = halo;
    append_image_dim(argument);
    return argument;
}

// (x, y, channel, image), halo and all.
Argument planar_map(std::string name, Role role, const MapShape& map, int halo) {
    const int pitch = map.width + 2 * halo, rows = map.height + 2 * halo;
    Argument argument;
    argument.name = std::move(name);
    argument.role = role;
    argument.dims = {Dim{-halo, pitch, 1}, Dim{-halo, rows, pitch}, Dim{0, map.channels, pitch * rows}};
    argument.storage_elements = int64_t{pitch} * rows * map.channels;
    append_image_dim(argument);
    return argument;
}

// (c, block, image)
Argument vector(std::string name, Role role, int channels) {
    Argument argument;
    argument.name = std::move(name);
    argument.role = role;
    argument.dims = {Dim{0, kBlock, 1}, Dim{0, blocks(channels), kBlock}};
    argument.storage_elements = int64_t{kBlock} * blocks(channels);
    append_image_dim(argument);
    return argument;
}

// Dense, first dimension innermost.
Argument packed(std::string name, const std::vector<int>& extents, std::string packing) {
    Argument argument;
    argument.name = std::move(name);
    argument.role = Role::parameter;
    int stride = 1;
    for (int extent : extents) {
        argument.dims.push_back({0, extent, stride});
        stride *= extent;
    }
    argument.storage_elements = stride;
    argument.packing = std::move(packing);
    return argument;
}

// (c, block), zeros after the last channel
Argument packed_channels(std::string name, int channels) {
    return packed(std::move(name), {kBlock, blocks(channels)}, fmt::format("channels count={}", channels));
}

int output_extent(int input, int kernel, int stride, int pad) {
    return (input + 2 * pad - kernel) / stride + 1;
}

// (c_out, block_out % nv, c_in, x, y, block_in, block_out / nv): the order in which a tile of nv output blocks reads
// them.
Argument conv_weight(int ci, int co, int kernel_h, int kernel_w, std::string name = "weight") {
    const int nv = blocks_per_row(co);
    return packed(
        std::move(name), {kBlock, nv, kBlock, kernel_w, kernel_h, blocks(ci), blocks(co) / nv},
        fmt::format("conv_blocked ci={} co={} kernel_h={} kernel_w={} nv={}", ci, co, kernel_h, kernel_w, nv));
}

// (c_out, block_out % nv, x, y, channel_in, block_out / nv), for a planar input.
Argument planar_conv_weight(int ci, int co, int kernel_h, int kernel_w) {
    const int nv = blocks_per_row(co);
    return packed("weight", {kBlock, nv, kernel_w, kernel_h, ci, blocks(co) / nv},
                  fmt::format("conv_planar ci={} co={} kernel_h={} kernel_w={} nv={}", ci, co, kernel_h, kernel_w, nv));
}

// (c_out, block_out % nv, c_in, block_in, gx, gy, block_out / nv): the transformed filters' elements (gx, gy).
Argument winograd_weight(int ci, int co, int stride, const Schedule& schedule) {
    const int nv = blocks_per_row(co), m = winograd_tile(schedule);
    return packed("weight", {kBlock, nv, kBlock, blocks(ci), m + 2, m + 2, blocks(co) / nv},
                  fmt::format("conv_winograd m={} stride={} ci={} co={} nv={}", m, stride, ci, co, nv));
}

MapShape conv_output(const Stage& s) {
    return {s.number("co"), output_extent(s.number("in_h"), s.number("kernel_h"), s.number("stride"), s.number("pad")),
            output_extent(s.number("in_w"), s.number("kernel_w"), s.number("stride"), s.number("pad"))};
}

// What a stage stores of a map: its sums by tile, the map, or both.
void append_map_outputs(std::vector<Argument>& list, const Stage& s, const Schedule& schedule, const MapShape& map) {
    if (has_sums(s)) {
        const SumTile tile = sum_tile(schedule);
        const MapShape sums{map.channels, divide_up(map.height, tile.y), divide_up(map.width, tile.x)};
        list.push_back(blocked_map("tile_sums", Role::output, sums, 0));
    }
    if (s.number("store") != 0) list.push_back(blocked_map("output", Role::output, map, s.number("out_halo")));
}

bool conv_is_flat(const Stage& s) {
    return s.params.at("layout") != "planar" && s.number("kernel_h") == 1 && s.number("kernel_w") == 1 &&
           s.number("stride") == 1 && s.number("pad") == 0 && s.number("in_halo") == 0 && s.number("out_halo") == 0 &&
           !(s.number("residual") != 0 && s.number("res_halo") != 0) &&
           !(has_shortcut(s) && s.number("shortcut_stride") != 1);
}

MapShape conv_map(const Stage& s) {
    return flattened(conv_output(s), conv_is_flat(s));
}

std::vector<Argument> conv(const Stage& s, const Schedule& schedule) {
    const int ci = s.number("ci"), co = s.number("co"), kernel_h = s.number("kernel_h"),
              kernel_w = s.number("kernel_w");
    const int in_halo = s.number("in_halo");
    const bool planar = s.params.at("layout") == "planar";
    const MapShape in{ci, s.number("in_h"), s.number("in_w")}, out = conv_map(s);
    std::vector<Argument> list;
    list.push_back(
        planar ? planar_map("input", Role::input, in, in_halo)
               : blocked_map("input", Role::input, flattened(in, conv_is_flat(s)), in_halo, s.number("pad") > 0));
    if (s.number("gate") != 0) list.push_back(vector("gate_vector", Role::input, co));
    if (has_shortcut(s)) {
        const MapShape from{s.number("shortcut_ci"), s.number("shortcut_h"), s.number("shortcut_w")};
        list.push_back(
            blocked_map("shortcut_map", Role::input, flattened(from, conv_is_flat(s)), s.number("res_halo")));
    } else if (s.number("residual") != 0) {
        list.push_back(blocked_map("residual_map", Role::input, out, s.number("res_halo")));
    }
    list.push_back(winograd_tile(schedule) != 0 ? winograd_weight(ci, co, s.number("stride"), schedule)
                   : planar                     ? planar_conv_weight(ci, co, kernel_h, kernel_w)
                                                : conv_weight(ci, co, kernel_h, kernel_w));
    list.push_back(packed_channels("bias", co));
    if (has_shortcut(s)) {
        list.push_back(conv_weight(s.number("shortcut_ci"), co, 1, 1, "shortcut_weight"));
        list.push_back(packed_channels("shortcut_bias", co));
    }
    append_map_outputs(list, s, schedule, out);
    return list;
}

int64_t conv_flops(const Stage& s) {
    const MapShape out = conv_output(s);
    const int64_t terms = int64_t{s.number("ci")} * s.number("kernel_h") * s.number("kernel_w") +
                          (has_shortcut(s) ? s.number("shortcut_ci") : 0);
    return 2 * terms * out.height * out.width * out.channels;
}

// Depthwise conv and pooling: a square window, as many channels out as in.
MapShape window_output(const Stage& s) {
    const int kernel = s.number("kernel"), stride = s.number("stride"), pad = s.number("pad");
    return {s.number("ch"), output_extent(s.number("in_h"), kernel, stride, pad),
            output_extent(s.number("in_w"), kernel, stride, pad)};
}

std::vector<Argument> depthwise_conv(const Stage& s, const Schedule& schedule) {
    const int ch = s.number("ch"), kernel = s.number("kernel");
    const MapShape in{ch, s.number("in_h"), s.number("in_w")};
    std::vector<Argument> list{blocked_map("input", Role::input, in, s.number("in_halo"), s.number("pad") > 0)};
    if (s.number("gate") != 0) list.push_back(vector("gate_vector", Role::input, ch));
    list.push_back(
        packed("weight", {kBlock, kernel, kernel, blocks(ch)}, fmt::format("depthwise ch={} kernel={}", ch, kernel)));
    list.push_back(packed_channels("bias", ch));
    append_map_outputs(list, s, schedule, window_output(s));
    return list;
}

int64_t depthwise_conv_flops(const Stage& s) {
    const MapShape out = window_output(s);
    return int64_t{2} * out.channels * out.height * out.width * s.number("kernel") * s.number("kernel");
}

std::vector<Argument> max_pool(const Stage& s, const Schedule&) {
    const MapShape in{s.number("ch"), s.number("in_h"), s.number("in_w")};
    return {blocked_map("input", Role::input, in, s.number("in_halo")),
            blocked_map("output", Role::output, window_output(s), s.number("out_halo"))};
}

MapShape map_of(const Stage& s) {
    return {s.number("ch"), s.number("h"), s.number("w")};
}
int64_t map_elements(const Stage& s) {
    return int64_t{1} * s.number("ch") * s.number("h") * s.number("w");
}

MapShape batch_norm_map(const Stage& s) {
    return flattened(map_of(s), s.number("in_halo") == 0 && s.number("out_halo") == 0);
}

std::vector<Argument> batch_norm(const Stage& s, const Schedule&) {
    const MapShape map = batch_norm_map(s);
    return {blocked_map("input", Role::input, map, s.number("in_halo")), packed_channels("scale", map.channels),
            packed_channels("shift", map.channels), blocked_map("output", Role::output, map, s.number("out_halo"))};
}

std::vector<Argument> squeeze(const Stage& s, const Schedule&) {
    return {blocked_map("input", Role::input, map_of(s), s.number("in_halo")),
            vector("output", Role::output, s.number("ch"))};
}

// (c, block, tap, image)
std::vector<Argument> window_means(const Stage& s, const Schedule&) {
    constexpr int kTaps = 9;
    const MapShape map = map_of(s), tiles{map.channels, s.number("tiles_y"), s.number("tiles_x")};
    const int per_tap = kBlock * blocks(map.channels);
    Argument output = vector("output", Role::output, kTaps * per_tap);
    output.dims = {Dim{0, kBlock, 1}, Dim{0, blocks(map.channels), kBlock}, Dim{0, kTaps, per_tap},
                   Dim{0, 1, kTaps * per_tap}};
    Argument input = blocked_map("input", Role::input, map, s.number("in_halo"));
    input.read_elements = int64_t{2} * per_tap * (map.width + map.height);  // the border, its corners twice
    return {input, blocked_map("input_sums", Role::input, tiles, s.number("sums_halo")), output};
}

MapShape scale_add_map(const Stage& s) {
    const bool residual_halo = s.number("residual") != 0 && s.number("res_halo") != 0;
    return flattened(map_of(s), s.number("in_halo") == 0 && s.number("out_halo") == 0 && !residual_halo);
}

std::vector<Argument> scale_add(const Stage& s, const Schedule& schedule) {
    const MapShape map = scale_add_map(s);
    std::vector<Argument> list{blocked_map("input", Role::input, map, s.number("in_halo"))};
    if (s.number("gate") != 0) list.push_back(vector("gate_vector", Role::input, map.channels));
    if (s.number("residual") != 0) list.push_back(blocked_map("residual_map", Role::input, map, s.number("res_halo")));
    append_map_outputs(list, s, schedule, map);
    return list;
}

// The input is `segments` vectors of `ch` channels, each padded to whole blocks. w1 (c, block of any segment, hidden):
// a dot product per hidden unit. w2 (c, hidden, block): lanes are the gate's channels.
std::vector<Argument> excite(const Stage& s, const Schedule&) {
    const int ch = s.number("ch"), segments = s.number("segments"), hidden = s.number("hidden"), out = s.number("out");
    const int in_blocks = segments * blocks(ch);
    return {vector("input", Role::input, in_blocks * kBlock),
            packed("w1", {kBlock, in_blocks, hidden},
                   fmt::format("excite_w1 ch={} segments={} hidden={}", ch, segments, hidden)),
            packed("b1", {hidden}, fmt::format("vector count={}", hidden)),
            packed("w2", {kBlock, hidden, blocks(out)}, fmt::format("excite_w2 ch={} hidden={}", out, hidden)),
            packed_channels("b2", out),
            vector("output", Role::output, out)};
}

std::vector<Argument> dense(const Stage& s, const Schedule&) {
    const int in = s.number("in"), out = s.number("out");
    Argument output = vector("output", Role::output, out);
    if (s.number("logits") != 0) {  // (class, image), nothing between images
        output.dims = {Dim{0, out, 1}, Dim{0, 1, out}};
        output.storage_elements = out;
    }
    return {vector("input", Role::input, in), conv_weight(in, out, 1, 1), packed_channels("bias", out), output};
}

// The caller's images are dense and as aligned as the caller likes.
Argument image(const MapShape& map, bool interleaved_bytes) {
    const int plane = map.height * map.width, ch = map.channels;
    Argument argument;
    argument.name = "input";
    argument.type_code = interleaved_bytes ? 1 : 2;
    argument.type_bits = interleaved_bytes ? 8 : 32;
    argument.dims = {Dim{0, map.width, interleaved_bytes ? ch : 1},
                     Dim{0, map.height, map.width * (interleaved_bytes ? ch : 1)},
                     Dim{0, ch, interleaved_bytes ? 1 : plane}};
    argument.storage_elements = int64_t{plane} * ch;
    append_image_dim(argument);
    return argument;
}

std::vector<Argument> ingest(const Stage& s, const Schedule&) {
    const MapShape map = map_of(s);
    Argument normalisation = packed("normalisation", {map.channels, 2}, "");
    normalisation.role = Role::input;  // the session's, not a constant
    const int halo = s.number("out_halo");
    return {image(map, s.generator == "ingest_u8"), normalisation,
            s.params.at("layout") == "planar" ? planar_map("output", Role::output, map, halo)
                                              : blocked_map("output", Role::output, map, halo)};
}

struct Generator {
    std::vector<Argument> (*arguments)(const Stage&, const Schedule&);
    int64_t (*flops)(const Stage&);
    MapShape (*map)(const Stage&) = nullptr;  // of a MapStage
};

int64_t no_flops(const Stage&) {
    return 0;
}
int64_t excite_flops(const Stage& s) {
    return int64_t{2} * s.number("hidden") * (s.number("ch") * s.number("segments") + s.number("out"));
}
int64_t scale_add_flops(const Stage& s) {
    return map_elements(s) * (s.number("gate") + s.number("residual"));
}

const std::map<std::string, Generator>& generators() {
    static const std::map<std::string, Generator> table = {
        {"conv", {conv, conv_flops, conv_map}},
        {"depthwise_conv", {depthwise_conv, depthwise_conv_flops, window_output}},
        {"batch_norm", {batch_norm, [](const Stage& s) { return 2 * map_elements(s); }, batch_norm_map}},
        {"squeeze", {squeeze, map_elements}},
        {"window_means",
         {window_means, [](const Stage& s) { return int64_t{2} * (s.number("h") + s.number("w")) * s.number("ch"); }}},
        {"excite", {excite, excite_flops}},
        {"scale_add", {scale_add, scale_add_flops, scale_add_map}},
        {"max_pool", {max_pool, no_flops, window_output}},
        {"dense", {dense, [](const Stage& s) { return int64_t{2} * s.number("in") * s.number("out"); }}},
        {"ingest_f32", {ingest, no_flops}},
        {"ingest_u8", {ingest, no_flops}},
    };
    return table;
}

const Generator& generator_of(const Stage& stage) {
    const auto found = generators().find(stage.generator);
    if (found == generators().end()) throw std::logic_error("no layouts for the generator '" + stage.generator + "'");
    return found->second;
}

}  // namespace

std::vector<Argument> arguments(const Stage& stage, const Schedule& schedule) {
    return generator_of(stage).arguments(stage, schedule);
}

MapShape output_map(const Stage& stage) {
    return generator_of(stage).map(stage);
}

int64_t flops(const Stage& stage) {
    return generator_of(stage).flops(stage);
}

int64_t moved_bytes(const Stage& stage, const Schedule& schedule) {
    int64_t bytes = 0;
    for (const Argument& argument : arguments(stage, schedule)) {
        int64_t elements = 1;
        for (const Argument::Dim& dim : argument.dims) elements *= dim.extent;
        bytes += (argument.read_elements ? argument.read_elements : elements) * argument.type_bits / 8;
    }
    return bytes;
}

int64_t storage_bytes(const Stage& stage, const Schedule& schedule, Role role) {
    int64_t bytes = 0;
    for (const Argument& argument : arguments(stage, schedule)) {
        if (argument.role == role) bytes += argument.storage_elements * argument.type_bits / 8;
    }
    return bytes;
}

}  // namespace senetc
