// The fake driver's state, behind one lock, and the begin of each of its functions.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/cuda/fake/fake.h"

namespace fake_cuda {

enum Result : int {
    kOk = 0,
    kInvalidValue = 1,
    kNoDevice = 100,
    kInvalidDevice = 101,
    kInvalidImage = 200,
    kInvalidContext = 201,
    kInvalidHandle = 400,
    kNotFound = 500,
    kCaptureUnsupported = 900,
    kCaptureInvalidated = 901,
};

using Work = std::function<void()>;

struct Node {
    std::string name;  // of the kernel, or "copy"
    Work work;
};
using Nodes = std::vector<Node>;

struct Parameter {
    size_t bytes;
    bool address;
};

struct Kernel {
    std::string name;
    std::vector<Parameter> parameters;
};

// Everything that has a handle. The fields are those of its kind.
struct Object {
    std::string kind;  // "memory", "page-locked", "module", "function", "stream", "event", "graph", "graph exec"
    const void* context;
    std::vector<uint8_t> bytes;   // memory
    size_t size = 0;              // memory; function: bytes of shared memory that it was allowed
    std::vector<Kernel> kernels;  // module
    const Kernel* kernel = nullptr;
    Nodes nodes;  // stream: what is queued; graph, graph exec
    bool capturing = false, broken = false;
    const void* stream = nullptr;  // event: where it was recorded
    long time = 0;
};

struct World {
    std::recursive_mutex lock;
    Machine machine;
    bool initialised = false;
    std::map<const void*, std::unique_ptr<Object>> objects;
    std::map<int, int> retained;          // device: how often
    std::map<const void*, int> contexts;  // context: its device
    std::map<std::string, Body> bodies;
    std::vector<Call> calls;
    std::vector<std::string> violations;
    long dropped = 0, launches = 0;
    long countdown = 0;  // calls until the planned failure; 0: none
    std::string failing;
    int failure = 0, lost = 0;
};

World& world();

// Of the calling thread.
std::vector<const void*>& context_stack();
int& captures();  // streams that it captures

enum Needs : unsigned {
    kNothing = 0,
    kContext = 1,
    kNoCapture = 2,  // may not be called by a thread that captures
    kRuns = 4,       // does its work even when it fails
};

// The begin of every function: takes the lock, records the call, decides whether it fails.
class Entry {
  public:
    Entry(const char* name, unsigned needs, const void* stream = nullptr, std::string detail = "");
    // Whether the function is to do its work.
    bool proceeds() const { return result_ == kOk || runs_; }
    int result() const { return result_; }
    // What it returns: the planned failure, or `result`.
    int operator()(int result);

  private:
    std::lock_guard<std::recursive_mutex> guard_;
    size_t index_;
    int result_ = kOk;
    bool runs_ = false;
};

void violate(const std::string& what);

// A new object of the current context; its handle.
void* create(const std::string& kind, std::unique_ptr<Object> object = std::make_unique<Object>());
// nullptr and a violation, unless it is of that kind and the current context.
Object* find(const void* handle, const char* kind, const char* user);
void destroy(const void* handle, const char* kind, const char* user);

// nullptr (CUDA's default stream) and CU_STREAM_LEGACY have an object, too.
Object* find_stream(const void* handle, const char* user);
// Runs what is queued: on a stream, on all of the current context.
void drain(Object* stream);
void drain_all();
// Queues work on a stream, or adds it to the graph that is captured there.
void queue(Object* stream, Node node);

// The device's memory from `address` on, of an allocation of the current context with `bytes` left; nullptr and a
// violation else.
uint8_t* memory_at(uint64_t address, size_t bytes, const char* user);
bool is_page_locked(const void* address);

}  // namespace fake_cuda
