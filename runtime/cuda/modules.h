// A model's kernels on its device: one module per kernel object, loaded once for all sessions.
#pragma once

#include <pthread.h>

#include "runtime/cuda/device.h"

namespace senet::cuda {

constexpr uint32_t kKeptFunctions = 8;  // of one module; those beyond are looked up at each launch

struct LoadedFunction {
    const char* name;
    Function handle;
    int shared_bytes;  // as many as it may be launched with
};

struct LoadedModule {
    const char* ptx;  // its text's address, which is also what launches name it by
    Module handle;
    uint32_t num_functions;
    LoadedFunction functions[kKeptFunctions];
};

// Sessions fill this under `lock` while they open, each with all modules of the variant. So it no longer changes when
// the first one is open, and runs read it without the lock.
struct Modules {
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    LoadedModule* loaded = nullptr;
    uint32_t count = 0, capacity = 0;
};

class ModulesLock {
  public:
    explicit ModulesLock(Modules* modules) : modules_(modules) { pthread_mutex_lock(&modules_->lock); }
    ~ModulesLock() { pthread_mutex_unlock(&modules_->lock); }
    ModulesLock(const ModulesLock&) = delete;
    ModulesLock& operator=(const ModulesLock&) = delete;

  private:
    Modules* const modules_;
};

// With the lock held. `step` may have code for this device; else the driver compiles `ptx`.
senet_status load_module(const Device& device, const senet_step_v1_t& step, const char* ptx, Modules* modules);
// With the lock held: looks a kernel up and allows it its shared memory.
senet_status load_function(const Device& device, const char* kernel, int shared_bytes, LoadedModule* module);

LoadedModule* find_module(const Modules& modules, const void* ptx);  // nullptr: not loaded
senet_status find_function(const Device& device, const LoadedModule& module, const char* kernel, Function* function);

// `reachable`: the device's context is current; if it can't be, it is gone with all that was in it.
void unload_modules(const Device& device, bool reachable, Modules* modules);

}  // namespace senet::cuda
