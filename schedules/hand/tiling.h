// How a map's pixels are cut into register tiles.
#pragma once

namespace senetc {

// A tile is x by y pixels; the last ones of a row or column are shifted inwards.
struct Tile {
    int x = 1, y = 1;
    double cost = 0;  // of the map, in FMA slots per step of the reduction: vectors * pixels is the ideal
};

// The cheapest tile for a width x height map with at most `max_accumulators` accumulators, where a pixel has `vectors`
// of them. `pixel_loads`: load instructions for a pixel in a step.
Tile best_tile(int width, int height, int vectors, int max_accumulators, double pixel_loads = 1);

// One step of a register tile's reduction, in slots of half a cycle; pixels * vectors is the ideal.
double step_cost(int pixels, int vectors, double pixel_loads = 1);

}  // namespace senetc
