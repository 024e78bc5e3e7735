// `senet run`: its options, and the two things that it does.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/cli/commands/network.h"
#include "runtime/cli/image/decode.h"

namespace senet::cli {

struct RunOptions {
    std::string library, variant, device;
    std::vector<std::string> paths;
    std::string labels, output, format;
    uint32_t top = 5, batch = 8, threads = 0;
    std::string mean, deviation;  // "": the library's; else as many numbers as channels
    int resize = -1;              // -1: the library's
    std::string crop;             // "": the library's; "HxW" or "0"
    uint64_t max_pixels = default_max_pixels;
    bool class_folders = false, null_separated = false;
    std::string tensors;
    bool stages = false;
};

// Both return an exit status and throw Error when nothing could be done.
int run_images(const RunOptions& options);
int run_tensors(const RunOptions& options);

// With the options' batch, threads, mean and deviation.
Session open_run_session(const senet_model* model, const RunOptions& options);

}  // namespace senet::cli
