// Failures on purpose: the n-th call of a kind fails as the system's would. Functions of the C library are replaced by
// those of interpose.cpp, which count, and fail when told to. The count lies in memory that forked children share.
#pragma once

#include <cstdint>

namespace faults {

enum class Kind : int32_t {
    none,
    allocation,  // malloc and its kin, and so operator new: ENOMEM
    read,        // read, pread: EIO
    write,       // write, pwrite, writev, fsync: ENOSPC
    mmap,        // ENOMEM
    thread,      // pthread_create: EAGAIN
    open,        // open, fopen, opendir, mkdtemp, mkostemp, mkdir, rename, pipe, fork: EMFILE or EAGAIN
};

// From now on the n-th call (from 1) of the kind fails, and with `onwards` all after it too. n = 0: none; count only.
void arm(Kind kind, int64_t n, bool onwards = false);
void disarm();

int64_t counted();           // calls of the kind since arm()
bool fired();                // whether one of them failed
int64_t live_allocations();  // allocated and not freed, of this process

}  // namespace faults
