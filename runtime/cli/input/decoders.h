// Decodes images on threads of its own, ahead of who takes them, and hands them out in the order in which they were
// found.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "runtime/cli/input/find_images.h"

namespace senet::cli {

struct DecodedImage {
    std::string path;
    std::string error;            // "" or why there are no pixels
    std::vector<uint8_t> pixels;  // the network's input bytes
};

class Decoders {
  public:
    using Find = std::function<std::optional<FoundPath>(std::stop_token)>;  // called by one thread at a time
    using Decode =
        std::function<std::vector<uint8_t>(const std::string& path)>;  // throws what becomes the image's error

    // At most `ahead` images wait, however many there are.
    Decoders(Find find, Decode decode, unsigned threads, size_t ahead);
    ~Decoders();

    // The next image in order, or nothing at the end. Throws what `find` threw.
    std::optional<DecodedImage> next();

  private:
    struct Slot {
        bool ready = false;
        DecodedImage image;
    };

    void work(std::stop_token stop);
    std::optional<std::pair<size_t, FoundPath>> take(std::stop_token stop);
    DecodedImage decode(FoundPath found) const;

    const Find find_;
    const Decode decode_;

    std::mutex finding_;  // held while looking for the next path; locked before state_
    std::mutex state_;    // guards all below
    std::condition_variable_any changed_;
    std::vector<Slot> ring_;  // image n waits in slot n % size
    size_t found_ = 0, taken_ = 0;
    bool ended_ = false;
    std::exception_ptr failure_;

    std::vector<std::jthread> threads_;  // last, so that they end before what they use
};

}  // namespace senet::cli
