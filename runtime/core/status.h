// How every function here fails: a status, and one sentence in a buffer of the calling thread.
#pragma once

#include "senet/senet.h"

namespace senet {

// Formats the thread's message and returns `status`, so that a failure is one line: return fail(SENET_BAD_FILE, ...).
[[gnu::format(printf, 2, 3)]] senet_status fail(senet_status status, const char* format, ...);

// Puts the thread's message back as it was, after failures that nobody is told of.
class KeepMessage {
  public:
    KeepMessage();
    ~KeepMessage();
    KeepMessage(const KeepMessage&) = delete;
    KeepMessage& operator=(const KeepMessage&) = delete;
    void release() { kept_ = false; }  // the failure is told after all

  private:
    bool kept_ = true;
    char text_[1024];
};

// A library's thread-locals are allocated when a thread first touches them: do that before the promise of no
// allocation.
void touch_message();

}  // namespace senet
