// A session's block of memory: the user's, or the system's.
#pragma once

#include "runtime/core/session.h"
#include "runtime/core/session_layout.h"

namespace senet {

// Takes options.arena or maps memory, and makes an empty session at its begin.
senet_status take_memory(const ResolvedOptions& options, const SessionLayout& layout, senet_session** session);

void give_memory_back(senet_session* session);

}  // namespace senet
