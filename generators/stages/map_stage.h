// What the generators of blocked maps share: their outputs, which are the map, its sums by register tile, or both.
#pragma once

#include <Halide.h>

#include <functional>
#include <string>

#include "generators/compiler/stage.h"
#include "generators/stages/activation.h"
#include "schedules/handles.h"

namespace senetc {

template <class Stage>
class MapStage : public Halide::Generator<Stage> {
  public:
    template <class T>
    using Param = Halide::GeneratorParam<T>;

    Param<int> out_halo{"out_halo", 0};
    Param<ActivationKind> act{"act", ActivationKind::none, activation_names()};
    Param<int> sums{"sums", 0}, store{"store", 1};
    Param<int> map_w{"map_w", 1}, map_h{"map_h", 1};  // output_map's extents, set where sums are collected
    Param<std::string> schedule_text{"schedule", "direct"};

  protected:
    using Map = Halide::GeneratorOutput<Halide::Buffer<float, 5>>;
    using Value = std::function<Halide::Expr(Halide::Expr x, Halide::Expr y)>;  // at (c, x, y, k, n)

    // To be called last in configure().
    void add_map_outputs() {
        if (sums != 0)
            sums_ = this->template add_output<Halide::Buffer<float, 5>>("tile_sums");  // [16 c, tx, ty, block, n]
        if (store != 0) map_ = this->template add_output<Halide::Buffer<float, 5>>("output");  // [16 c, x, y, block, n]
    }

    MapOutputs define_map(const MapVars& v, const Value& value) {
        MapOutputs out;
        if (map_ != nullptr) {
            (*map_)(v.c, v.x, v.y, v.k, v.n) = value(v.x, v.y);
            out.map = *map_;
        }
        if (sums_ != nullptr) {
            const Schedule schedule = parse_schedule(schedule_text);
            (*sums_)(v.c, v.tx, v.ty, v.k, v.n) =
                sum_of_tile(v, value, schedule.number("tile_x"), schedule.number("tile_y"));
            out.sums = *sums_;
        }
        return out;
    }

    // For stages without accumulators: what is both stored and summed becomes a Func, computed once a tile.
    void define(MapHandles& handles, const Value& value) {
        const auto& v = handles.v;
        if (sums == 0 || store == 0) {
            handles.out = define_map(v, value);
            return;
        }
        Halide::Func pixel("pixel");
        pixel(v.c, v.x, v.y, v.k, v.n) = value(v.x, v.y);
        handles.value = pixel;
        handles.out =
            define_map(v, [&](const Halide::Expr& x, const Halide::Expr& y) { return pixel(v.c, x, y, v.k, v.n); });
    }

    Map *sums_ = nullptr, *map_ = nullptr;

  private:
    // `value` or 0. A select around a call would have Halide infer that only the selected pixels are computed, which
    // moves the accumulators' tile past the map.
    static Halide::Expr masked(const Halide::Expr& condition, const Halide::Expr& value) {
        const Halide::Expr bits = Halide::reinterpret<int32_t>(value) & Halide::select(condition, -1, 0);
        return Halide::reinterpret<float>(bits);
    }

    // The last tiles are shifted inwards: of their pixels, those that an earlier tile has are left out.
    Halide::Expr sum_of_tile(const MapVars& v, const Value& value, int tile_x, int tile_y) const {
        const Halide::Expr left = Halide::min(v.tx * tile_x, map_w - tile_x);
        const Halide::Expr top = Halide::min(v.ty * tile_y, map_h - tile_y);
        Halide::Expr sum;
        for (int j = 0; j < tile_y; j++) {
            for (int i = 0; i < tile_x; i++) {
                Halide::Expr pixel = value(left + i, top + j);
                if (map_w % tile_x != 0) pixel = masked(left + i >= v.tx * tile_x, pixel);
                if (map_h % tile_y != 0) pixel = masked(top + j >= v.ty * tile_y, pixel);
                sum = sum.defined() ? sum + pixel : pixel;
            }
        }
        return sum;
    }
};

}  // namespace senetc
