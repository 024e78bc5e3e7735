// How a stage is computed, as a value: an algorithm with its hand template's numbers, or one of Halide's autoschedulers
// with its options. The text form is the key in plans, tables, journals and the cache:
//     direct axis=2 band_x=4 ... tile_x=14          winograd axis=2 ... m=4 ... tile_p=14          Adams2019
//     parallelism=1
//
// Where a schedule comes from (hand rules, an autoscheduler, a tuned table) is no part of it: equal schedules are the
// same kernel.
#pragma once

#include <map>
#include <string>

namespace senetc {

struct Schedule {
    std::string algorithm;              // "direct"; of a convolution also "winograd"; or an autoscheduler's name
    std::map<std::string, int> params;  // what they mean is said in schedules/hand and gpu, beside the code

    int number(const std::string& param) const;  // throws std::out_of_range: a bug, not the user's fault
    auto operator<=>(const Schedule&) const = default;
};
std::string to_string(const Schedule& schedule);
Schedule parse_schedule(const std::string& text);  // throws Error
bool is_autoscheduled(const Schedule& schedule);   // one of Halide's autoschedulers makes it
bool is_on_gpu(const Schedule& schedule);          // its loops are a GPU's blocks and threads (schedules/gpu)
bool is_staged(const Schedule& schedule);          // its blocks of threads copy what they read to shared memory first
int winograd_tile(const Schedule& schedule);       // m of a convolution by F(m x m, 3 x 3); 0: another algorithm

// The pixels that one of a stage's sums is of: a register tile, or Winograd's.
struct SumTile {
    int x, y;
};
SumTile sum_tile(const Schedule& schedule);

}  // namespace senetc
