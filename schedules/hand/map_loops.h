// The loop nest that every stage with a blocked map as its output shares.
//
// A tile is tile_x by tile_y pixels of tile_c lanes in tile_k channel blocks, unrolled, in vectors of `lanes`. Tiles
// lie in groups of group_x by group_y pixels, whose last tiles may be smaller: a group is unrolled too, so every tile
// has the code of its own size. A map that groups do not divide is finished by groups shifted inwards, which compute
// some pixels twice.
//
// A task, the unit of parallelism, is one band of band_x by band_y groups in tile_k blocks of one image. Tasks never
// add to each other's results, so results depend on neither threads nor batch.
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
