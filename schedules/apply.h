// The hand schedules as functions of a generator's handles and a Schedule's numbers. Each is described where it is
// written; which numbers a stage gets is choose_schedule's business (schedules/schedules.h).
#pragma once

#include <string>

#include "generators/compiler/stage.h"
#include "schedules/handles.h"

namespace senetc {

// Of GPUs: schedules/gpu.
namespace gpu {

void schedule(const ConvHandles& handles, const Schedule& schedule);
void schedule(const WinogradHandles& handles, const Schedule& schedule);
void schedule(const MapHandles& handles, const Schedule& schedule);
void schedule(const SqueezeHandles& handles, const Schedule& schedule);
void schedule(const WindowMeansHandles& handles, const Schedule& schedule);
void schedule(const ExciteHandles& handles, const Schedule& schedule);
void schedule(const DenseHandles& handles, const Schedule& schedule);
void schedule(const IngestHandles& handles, const Schedule& schedule);

}  // namespace gpu

// What a generator's schedule() does with the schedule that `text` is; `by_hand`: a CPU's. What an autoscheduler
// schedules is left alone.
template <class Handles>
void apply_schedule(void (*by_hand)(const Handles&, const Schedule&), const Handles& handles, const std::string& text) {
    const Schedule schedule = parse_schedule(text);
    if (is_autoscheduled(schedule)) return;
    is_on_gpu(schedule) ? gpu::schedule(handles, schedule) : by_hand(handles, schedule);
}

void schedule_conv(const ConvHandles& handles, const Schedule& schedule);
void schedule_winograd(const WinogradHandles& handles, const Schedule& schedule);
WinogradTiles winograd_tiles(int out_h, int out_w, int stride, const Schedule& schedule);
void schedule_map(const MapHandles& handles, const Schedule& schedule);
void schedule_squeeze(const SqueezeHandles& handles, const Schedule& schedule);
void schedule_window_means(const WindowMeansHandles& handles, const Schedule& schedule);
void schedule_excite(const ExciteHandles& handles, const Schedule& schedule);
void schedule_dense(const DenseHandles& handles, const Schedule& schedule);
void schedule_ingest(const IngestHandles& handles, const Schedule& schedule);

}  // namespace senetc
