#include <doctest/doctest.h>

#include <cstring>
#include <vector>

#include "runtime/cli/commands/moved_bytes.h"

using namespace senet::cli;

namespace {

// (c, x, y, block, image): 16 channels to a block.
senet_buffer_v1_t map(uint64_t offset, int width, int height, int blocks) {
    senet_buffer_v1_t view{};
    view.storage = SENET_STORAGE_ARENA;
    view.type_code = 2, view.type_bits = 32, view.dimensions = 5, view.batched = 1;
    view.offset = offset;
    const int extents[] = {16, width, height, blocks, 1};
    for (int d = 0; d < 5; d++) view.dim[d].extent = extents[d];
    return view;
}

senet_buffer_v1_t vector(uint64_t offset, int blocks) {
    senet_buffer_v1_t view = map(offset, 0, 0, 0);
    view.dimensions = 3;
    view.dim[1].extent = blocks;
    view.dim[2].extent = 1;
    return view;
}

senet_buffer_v1_t weights(int elements) {
    senet_buffer_v1_t view = map(0, 0, 0, 0);
    view.storage = SENET_STORAGE_WEIGHTS;
    view.dimensions = 1, view.batched = 0;
    view.dim[0].extent = elements;
    return view;
}

uint64_t bytes_of(const senet_buffer_v1_t& view) {
    uint64_t bytes = sizeof(float);
    for (uint32_t d = 0; d < view.dimensions; d++) bytes *= uint64_t(view.dim[d].extent);
    return bytes;
}

struct Step {
    const char* kernel;
    std::vector<senet_buffer_v1_t> args;
    uint32_t height = 0;      // of the output; 0: a vector
    uint64_t bytes_less = 0;  // read of a map, than its view shows
};

// The first step is the ingest step.
MovedBytes moved_by(const std::vector<Step>& steps) {
    std::vector<senet_buffer_v1_t> buffers;
    std::vector<uint32_t> args;
    std::vector<senet_step_v1_t> table;
    for (const Step& step : steps) {
        senet_step_v1_t entry{};
        entry.first_arg = uint32_t(args.size()), entry.num_args = uint32_t(step.args.size());
        entry.kernel = step.kernel, entry.height = step.height;
        for (const senet_buffer_v1_t& view : step.args) {
            entry.bytes += bytes_of(view);
            args.push_back(uint32_t(buffers.size()));
            buffers.push_back(view);
        }
        entry.num_outputs = std::strstr(step.kernel, "store=1 sums=1") ? 2 : 1;
        entry.bytes -= step.bytes_less;
        table.push_back(entry);
    }
    senet_variant_v1_t variant{};
    variant.buffers = buffers.data(), variant.args = args.data();
    variant.ingest[0] = table[0];
    variant.steps = table.data() + 1, variant.num_steps = uint32_t(table.size() - 1);
    const MovedBytes moved = moved_bytes(variant);
    uint64_t of_steps = 0;
    for (const senet_step_v1_t& step : table) of_steps += weight_bytes(variant, step);
    CHECK(of_steps == moved.weights);
    return moved;
}

constexpr uint64_t block = 16 * sizeof(float);

}  // namespace

TEST_CASE("maps are counted where they are written and wherever they are read") {
    // pixels -> conv with a halo's view -> conv that adds the first map
    const MovedBytes moved = moved_by(
        {{"ingest", {map(0, 8, 8, 1)}, 8},
         {"conv store=1 sums=0", {map(0, 10, 10, 1), weights(100), map(8192, 8, 8, 2)}, 8},
         {"conv store=1 sums=0", {map(8192, 64, 1, 2), map(0, 64, 1, 1), weights(50), map(16384, 64, 1, 1)}, 8}});
    CHECK(moved.maps_written == (64 + 2 * 64 + 64) * block);
    CHECK(moved.maps_read == (100 + 2 * 64 + 64) * block);
    CHECK(moved.weights == 150 * sizeof(float));
    CHECK(moved.sums == 0);
    CHECK(moved.vectors == 0);
}

TEST_CASE("sums, means and gates stand apart from maps, whatever lay at their place before") {
    // The first conv reads 0 and writes 4096; the second reads that and writes sums where the first map was.
    const MovedBytes moved =
        moved_by({{"ingest", {map(0, 8, 8, 1)}, 8},
                  {"conv store=1 sums=0", {map(0, 8, 8, 1), weights(1), map(4096, 8, 8, 1)}, 8},
                  {"conv store=1 sums=1", {map(4096, 8, 8, 1), weights(1), map(0, 2, 2, 1), map(8192, 8, 8, 1)}, 8},
                  {"squeeze", {map(0, 2, 2, 1), vector(4096, 1)}},
                  {"scale_add store=1 sums=0", {map(8192, 8, 8, 1), vector(4096, 1), map(0, 8, 8, 1)}, 8}});
    CHECK(moved.sums == 2 * 4 * block);
    CHECK(moved.vectors == 2 * block);
    CHECK(moved.maps_written == 4 * 64 * block);
    CHECK(moved.maps_read == 3 * 64 * block);
}

TEST_CASE("a kernel that stores no map writes sums alone") {
    const MovedBytes moved = moved_by({{"ingest", {map(0, 8, 8, 1)}, 8},
                                       {"scale_add store=0 sums=1", {map(0, 8, 8, 1), map(8192, 3, 1, 1)}, 3},
                                       {"squeeze", {map(8192, 3, 1, 1), vector(0, 1)}}});
    CHECK(moved.sums == 2 * 3 * block);
    CHECK(moved.vectors == block);
    CHECK(moved.maps_written == 64 * block);
}

TEST_CASE("of a map whose border alone is read, the border counts") {
    const MovedBytes moved = moved_by(
        {{"ingest", {map(0, 8, 8, 1)}, 8}, {"window_means", {map(0, 8, 8, 1), vector(8192, 9)}, 0, 32 * block}});
    CHECK(moved.maps_read == 32 * block);
    CHECK(moved.vectors == 9 * block);
}
