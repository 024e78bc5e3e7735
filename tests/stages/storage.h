// An argument's storage in the test: aligned, filled with a canary, read and written by logical index.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "generators/compiler/stage.h"
#include "tests/stages/kernel_host.h"
#include "tests/stages/logical.h"

namespace senetc::test {

class Storage {
  public:
    Storage(const Stage& stage, const Argument& argument, int images);

    // Inputs: zeros in halo and padding lanes, `array` elsewhere.
    void store(const Array& array, int image);
    // The packed parameter.
    void store_packed(const std::vector<float>& values);
    // Outputs: what the kernel wrote.
    Array load(int image) const;
    // A sentence about the first element outside the logical values that isn't as it should be, or "": halos and
    // whatever else lies outside the view must be untouched, unless the kernel owns the whole storage (planar: zeros);
    // lanes past the last channel must be zero, or any value when `free_lanes`.
    std::string stray_write(int images, bool free_lanes) const;

    HostMemory memory(int image) const;  // a view that begins with that image

  private:
    size_t index_of(size_t logical, int image) const;
    bool in_view(size_t element) const;  // of one image

    Argument argument_;
    std::vector<int> shape_;
    int run_length_;
    size_t element_bytes_, count_, size_;
    std::unique_ptr<unsigned char, void (*)(void*)> bytes_;
};

}  // namespace senetc::test
