// Stages that compute a pixel straight from their inputs: nothing but the shared loops.
#include "schedules/apply.h"
#include "schedules/hand/map_loops.h"

namespace senetc {

void schedule_map(const MapHandles& handles, const Schedule& schedule) {
    map_loops(handles.output, handles.v, schedule);
}

}  // namespace senetc
