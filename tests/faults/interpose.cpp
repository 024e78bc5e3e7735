#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>

#include "tests/faults/faults.h"

extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
void __libc_free(void*);
}

namespace faults {
namespace {

struct Control {
    std::atomic<Kind> kind;
    std::atomic<int64_t> count, n;
    std::atomic<bool> onwards, fired;
};
Control before_arming;
std::atomic<Control*> control{&before_arming};
std::atomic<int64_t> live{0};

// Whether this call is the one, or one of those, to fail.
bool fails(Kind kind) {
    Control& c = *control.load(std::memory_order_relaxed);
    if (c.kind.load(std::memory_order_relaxed) != kind) return false;
    const int64_t call = ++c.count, n = c.n;
    if (n == 0 || call < n || (call > n && !c.onwards)) return false;
    c.fired = true;
    return true;
}

void* counted_allocation(void* memory) {
    if (memory) live.fetch_add(1, std::memory_order_relaxed);
    return memory;
}

template <typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

template <typename Result>
Result failed(int error, Result result) {
    errno = error;
    return result;
}

}  // namespace

void arm(Kind kind, int64_t n, bool onwards) {
    if (control == &before_arming) {
        void* shared = reinterpret_cast<void*>(
            syscall(SYS_mmap, nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
        control = static_cast<Control*>(shared);
    }
    Control& c = *control;
    c.count = 0;
    c.n = n;
    c.onwards = onwards;
    c.fired = false;
    c.kind = kind;
}

void disarm() {
    control.load()->kind = Kind::none;
}

int64_t counted() {
    return control.load()->count;
}

bool fired() {
    return control.load()->fired;
}

int64_t live_allocations() {
    return live;
}

}  // namespace faults

using faults::counted_allocation;
using faults::failed;
using faults::fails;
using faults::Kind;

extern "C" {

// ---- Memory -------------------------------------------------------------------------------------------------------

void* malloc(size_t bytes) {
    return fails(Kind::allocation) ? failed<void*>(ENOMEM, nullptr) : counted_allocation(__libc_malloc(bytes));
}
void* calloc(size_t count, size_t bytes) {
    return fails(Kind::allocation) ? failed<void*>(ENOMEM, nullptr) : counted_allocation(__libc_calloc(count, bytes));
}
void* realloc(void* old, size_t bytes) {
    if (fails(Kind::allocation)) return failed<void*>(ENOMEM, nullptr);
    void* memory = __libc_realloc(old, bytes);
    if (memory && !old) faults::live.fetch_add(1, std::memory_order_relaxed);
    return memory;
}
void* memalign(size_t alignment, size_t bytes) {
    return fails(Kind::allocation) ? failed<void*>(ENOMEM, nullptr)
                                   : counted_allocation(__libc_memalign(alignment, bytes));
}
void* aligned_alloc(size_t alignment, size_t bytes) {
    return memalign(alignment, bytes);
}
int posix_memalign(void** memory, size_t alignment, size_t bytes) {
    *memory = memalign(alignment, bytes);
    return *memory ? 0 : ENOMEM;
}
void free(void* memory) {
    if (memory) faults::live.fetch_sub(1, std::memory_order_relaxed);
    __libc_free(memory);
}
void* mmap(void* address, size_t bytes, int protection, int flags, int fd, off_t offset) {
    if (fails(Kind::mmap)) return failed(ENOMEM, MAP_FAILED);
    return reinterpret_cast<void*>(syscall(SYS_mmap, address, bytes, protection, flags, fd, offset));
}
void* mmap64(void* address, size_t bytes, int protection, int flags, int fd, off_t offset) {
    return mmap(address, bytes, protection, flags, fd, offset);
}

// ---- Files --------------------------------------------------------------------------------------------------------

ssize_t read(int fd, void* out, size_t bytes) {
    return fails(Kind::read) ? failed<ssize_t>(EIO, -1) : syscall(SYS_read, fd, out, bytes);
}
ssize_t pread(int fd, void* out, size_t bytes, off_t offset) {
    return fails(Kind::read) ? failed<ssize_t>(EIO, -1) : syscall(SYS_pread64, fd, out, bytes, offset);
}
ssize_t pread64(int fd, void* out, size_t bytes, off_t offset) {
    return pread(fd, out, bytes, offset);
}
ssize_t write(int fd, const void* from, size_t bytes) {
    return fails(Kind::write) ? failed<ssize_t>(ENOSPC, -1) : syscall(SYS_write, fd, from, bytes);
}
ssize_t pwrite(int fd, const void* from, size_t bytes, off_t offset) {
    return fails(Kind::write) ? failed<ssize_t>(ENOSPC, -1) : syscall(SYS_pwrite64, fd, from, bytes, offset);
}
ssize_t pwrite64(int fd, const void* from, size_t bytes, off_t offset) {
    return pwrite(fd, from, bytes, offset);
}
ssize_t writev(int fd, const iovec* parts, int count) {
    return fails(Kind::write) ? failed<ssize_t>(ENOSPC, -1) : syscall(SYS_writev, fd, parts, count);
}
int fsync(int fd) {
    return fails(Kind::write) ? failed(ENOSPC, -1) : int(syscall(SYS_fsync, fd));
}

// ---- Names and processes ------------------------------------------------------------------------------------------

int open(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = va_arg(arguments, mode_t);
    va_end(arguments);
    return fails(Kind::open) ? failed(EMFILE, -1) : int(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}
int open64(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = va_arg(arguments, mode_t);
    va_end(arguments);
    return open(path, flags, mode);
}
FILE* fopen(const char* path, const char* mode) {
    static const auto real = faults::next<FILE*(const char*, const char*)>("fopen");
    return fails(Kind::open) ? failed<FILE*>(EMFILE, nullptr) : real(path, mode);
}
FILE* fopen64(const char* path, const char* mode) {
    return fopen(path, mode);
}
DIR* opendir(const char* path) {
    static const auto real = faults::next<DIR*(const char*)>("opendir");
    return fails(Kind::open) ? failed<DIR*>(EMFILE, nullptr) : real(path);
}
char* mkdtemp(char* pattern) {
    static const auto real = faults::next<char*(char*)>("mkdtemp");
    return fails(Kind::open) ? failed<char*>(ENOSPC, nullptr) : real(pattern);
}
int mkostemp(char* pattern, int flags) {
    static const auto real = faults::next<int(char*, int)>("mkostemp");
    return fails(Kind::open) ? failed(ENOSPC, -1) : real(pattern, flags);
}
int mkdir(const char* path, mode_t mode) {
    return fails(Kind::open) ? failed(ENOSPC, -1) : int(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}
int rename(const char* from, const char* to) {
    return fails(Kind::open) ? failed(ENOSPC, -1) : int(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
    return fails(Kind::open) ? failed(ENOSPC, -1)
                             : int(syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}
int pipe(int ends[2]) {
    return fails(Kind::open) ? failed(EMFILE, -1) : int(syscall(SYS_pipe2, ends, 0));
}
pid_t fork() {
    static const auto real = faults::next<pid_t()>("fork");
    return fails(Kind::open) ? failed<pid_t>(EAGAIN, -1) : real();
}
int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*body)(void*), void* argument) {
    static const auto real =
        faults::next<int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*)>("pthread_create");
    return fails(Kind::thread) ? EAGAIN : real(thread, attributes, body, argument);
}

}  // extern "C"
