#include "runtime/cli/input/decoders.h"

#include <exception>
#include <new>
#include <system_error>
#include <utility>

#include "runtime/cli/error.h"
#include "runtime/cli/output/interrupt.h"

namespace senet::cli {

Decoders::Decoders(Find find, Decode decode, unsigned threads, size_t ahead)
    : find_(std::move(find)), decode_(std::move(decode)), ring_(ahead) {
    const InterruptGuard guard;  // inherited: signals are the main thread's alone
    try {
        for (unsigned i = 0; i < threads; i++) {
            threads_.emplace_back([this](std::stop_token stop) { work(stop); });
        }
    } catch (const std::system_error& error) {  // fewer will do
        if (threads_.empty()) throw Error("no thread to decode images on: {}", error.code().message());
    }
}

Decoders::~Decoders() {
    for (std::jthread& thread : threads_) thread.request_stop();
}

std::optional<DecodedImage> Decoders::next() {
    std::unique_lock lock(state_);
    Slot& slot = ring_[taken_ % ring_.size()];
    changed_.wait(lock, [&] { return slot.ready || (ended_ && taken_ == found_); });
    if (!slot.ready) {
        if (failure_) std::rethrow_exception(failure_);
        return std::nullopt;
    }
    slot.ready = false;
    taken_++;
    changed_.notify_all();
    return std::move(slot.image);
}

void Decoders::work(std::stop_token stop) {
    while (auto job = take(stop)) {
        DecodedImage image = decode(std::move(job->second));
        const std::lock_guard lock(state_);
        Slot& slot = ring_[job->first % ring_.size()];
        slot.image = std::move(image);
        slot.ready = true;
        changed_.notify_all();
    }
}

// Waits for room, then finds the next path and its place in the order.
std::optional<std::pair<size_t, FoundPath>> Decoders::take(std::stop_token stop) {
    const std::lock_guard finding(finding_);
    {
        std::unique_lock lock(state_);
        const bool room = changed_.wait(lock, stop, [this] { return ended_ || found_ - taken_ < ring_.size(); });
        if (!room || ended_) return std::nullopt;
    }
    std::optional<FoundPath> path;
    std::exception_ptr failure;
    try {
        path = find_(stop);
    } catch (...) {
        failure = std::current_exception();
    }
    const std::lock_guard lock(state_);
    if (path) return std::pair(found_++, std::move(*path));
    ended_ = true;
    failure_ = failure;
    changed_.notify_all();
    return std::nullopt;
}

DecodedImage Decoders::decode(FoundPath found) const {
    DecodedImage image{std::move(found.path), std::move(found.error), {}};
    if (!image.error.empty()) return image;
    try {
        image.pixels = decode_(image.path);
    } catch (const std::bad_alloc&) {
        image.error = "not enough memory to decode the image";
    } catch (const std::exception& error) {
        image.error = error.what();
    }
    return image;
}

}  // namespace senet::cli
