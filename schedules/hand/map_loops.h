// The loop nest that every stage with a blocked map as its output shares.
//
// A tile is tile_x pixels of a row by tile_k channel blocks, unrolled; its lanes are vectors. Tiles lie in groups of
// group_x pixels, whose last tile may be narrower: a group is unrolled too, so every tile has the code of its own
// width. A row whose width no group divides is finished by one group shifted inwards, which computes some pixels twice.
//
// A task, the unit of parallelism, is one band of `rows` rows (or of `groups` groups, when the map is a single long
// row) by tile_k blocks of one image. Tasks never add to each other's results, so results depend on neither thread nor
// batch.
#pragma once

#include "generators/compiler/stage.h"
#include "schedules/handles.h"

namespace senetc {

struct MapLoops {
    Halide::Var tile;  // the loop over a group's tiles: where an accumulator is computed
};

// Numbers used: lanes, tile_x, tile_k, group_x, groups, rows, bands_inside (1: a block's bands follow each other, so
// its weights stay in the cache; 0: a band's blocks do, so its input does), parallel (0 serial, 1 images, 2 tasks).
MapLoops map_loops(Halide::Func output, const MapVars& v, const Schedule& schedule);

}  // namespace senetc
