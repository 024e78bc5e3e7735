// A kernel of one image becomes a kernel of a batch: a serial loop over images around it.
//
// Autoscheduled kernels are made so. All of their extents are then known, hence the sizes of their temporary buffers;
// and an image's result can't depend on what else is in its batch.
#pragma once

#include <Halide.h>

#include <string>
#include <vector>

namespace senetc {

// `one_image`: a module whose function of that name has 1 as the extent of every batched buffer's last dimension, with
// linkage inside the object. `batched`: which of its buffers have images, in order; the last buffer has. Returns a
// module with the function `symbol`, and its argv form, which calls it for each image.
Halide::Module loop_over_images(const Halide::Module& one_image, const std::string& symbol,
                                const std::vector<bool>& batched);

// What the function for one image is called.
std::string one_image_symbol(const std::string& symbol);

}  // namespace senetc
