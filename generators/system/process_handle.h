// A process as something to poll for: readable once it has ended.
#pragma once

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

namespace senetc {

// The caller closes it. -1 and errno when there is none. By hand: glibc 2.36 declares its pidfd_open for C alone.
inline int open_process(pid_t process) {
    return static_cast<int>(syscall(SYS_pidfd_open, process, 0));
}

}  // namespace senetc
