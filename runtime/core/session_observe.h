// Tells a session's observer of its steps.
#pragma once

#include "runtime/core/session.h"

namespace senet {

// Calls the observer, which may read the step's output until it returns.
void tell_observer(senet_session* session, const senet_step_v1_t& step, uint32_t index, uint32_t batch, double seconds);

}  // namespace senet
