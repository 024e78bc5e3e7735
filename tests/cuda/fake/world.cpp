#include "tests/cuda/fake/world.h"

namespace fake_cuda {

World& world() {
    static World* const world = new World;  // outlives everything that may still call
    return *world;
}

std::vector<const void*>& context_stack() {
    thread_local std::vector<const void*> stack;
    return stack;
}

int& captures() {
    thread_local int count = 0;
    return count;
}

void violate(const std::string& what) {
    world().violations.push_back(what);
}

Entry::Entry(const char* name, unsigned needs, const void* stream, std::string detail)
    : guard_(world().lock), index_(world().calls.size()), runs_(needs & kRuns) {
    World& all = world();
    if (all.countdown > 0 && --all.countdown == 0) result_ = all.failure;
    if (all.failing == name) {
        result_ = all.failure;
        all.failing.clear();
    }
    if (all.lost && (needs & kContext)) result_ = all.lost;
    all.calls.push_back({name, stream, std::move(detail), result_});
    if (!all.initialised && (needs & kContext)) violate(std::string(name) + " before cuInit");
    if ((needs & kContext) && context_stack().empty()) {
        violate(std::string(name) + " without a current context");
        result_ = kInvalidContext;
        runs_ = false;
    }
    if ((needs & kNoCapture) && captures() > 0) {
        violate(std::string(name) + " while the thread captures a stream");
        result_ = kCaptureUnsupported;
        runs_ = false;
    }
}

int Entry::operator()(int result) {
    if (result_ == kOk) result_ = result;
    world().calls[index_].result = result_;
    return result_;
}

void* create(const std::string& kind, std::unique_ptr<Object> object) {
    static uintptr_t next = 0x1000;
    void* handle = reinterpret_cast<void*>(next += 16);
    object->kind = kind;
    object->context = context_stack().back();
    if (kind == "memory" || kind == "page-locked") handle = object->bytes.data();
    world().objects[handle] = std::move(object);
    return handle;
}

Object* find(const void* handle, const char* kind, const char* user) {
    const auto found = world().objects.find(handle);
    if (found == world().objects.end() || found->second->kind != kind) {
        violate(std::string(user) + " of what is no living " + kind);
        return nullptr;
    }
    if (found->second->context != context_stack().back()) {
        violate(std::string(user) + " of a " + kind + " of another context");
        return nullptr;
    }
    return found->second.get();
}

void destroy(const void* handle, const char* kind, const char* user) {
    if (find(handle, kind, user) != nullptr) world().objects.erase(handle);
}

void reset(const Machine& machine) {
    World& all = world();
    const std::lock_guard<std::recursive_mutex> guard(all.lock);
    all.machine = machine;
    all.initialised = false;
    all.calls.clear();
    all.violations.clear();
    all.dropped = all.countdown = all.lost = 0;
    all.failing.clear();
    std::erase_if(all.objects, [](const auto& object) { return object.second->context == nullptr; });
    if (!alive().empty()) violate("a reset with " + alive() + " alive");
}

void define(const std::string& kernel, Body body) {
    world().bodies[kernel] = body;
}

void fail_call(long n, int result) {
    world().countdown = n;
    world().failure = result;
}
void fail_function(const std::string& name, int result) {
    world().failing = name;
    world().failure = result;
}
void lose_device(int result) {
    world().lost = result;
}

std::vector<Call> calls() {
    return world().calls;
}
void forget_calls() {
    world().calls.clear();
}
std::vector<std::string> violations() {
    return world().violations;
}
long dropped() {
    return world().dropped;
}

std::string alive() {
    std::map<std::string, int> counts;
    for (const auto& [handle, object] : world().objects)
        if (object->kind != "function" && object->context != nullptr) ++counts[object->kind];
    for (const auto& [device, count] : world().retained)
        if (count > 0) counts["primary context"] += count;
    std::string text;
    for (const auto& [kind, count] : counts) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + kind;
    return text;
}

}  // namespace fake_cuda
