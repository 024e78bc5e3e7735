// The process's one pool of worker threads, shared by all sessions.
//
// A caller opens a loop, works in it itself, and workers that are free join it; indices go out one by one. When none is
// left the caller closes the loop to newcomers and waits for those inside. A worker inside a loop never waits for
// anything, so any number of callers at once make progress. After a fork the child has no workers and callers do all
// the work.
#pragma once

#include <cstdint>

namespace senet {

// participant: 0 is the caller, 1 to threads - 1 the workers; no two at once have the same. Non-zero stops the loop.
using LoopBody = int (*)(void* user, uint32_t participant, int index);

// Starts workers until there are `count`; returns how many there are, which is fewer when the system gives no more.
uint32_t ensure_workers(uint32_t count);

// Runs body for each index of [min, min + extent) on up to `threads` threads. Returns 0 or the first non-zero result.
// From inside a body: a plain loop on the calling thread, which is participant 0 to that body.
int parallel_for(uint32_t threads, LoopBody body, void* user, int min, int extent);

// True on a thread that runs a body.
bool inside_loop();

}  // namespace senet
