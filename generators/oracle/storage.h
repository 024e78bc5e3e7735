// Where logical elements lie in an argument's storage.
#pragma once

#include <cstdint>
#include <vector>

#include "generators/oracle/evaluate.h"

namespace senetc::oracle {

class Storage {
  public:
    Storage(const Stage& stage, const Argument& argument);

    size_t bytes() const;  // of one image, or of the whole parameter
    const std::vector<int>& shape() const { return shape_; }

    // The storage's bytes: an input's zeros in halo and padding lanes, `array` elsewhere; a parameter packed.
    std::vector<uint8_t> contents(const Array& array) const;

    // For each element of an output's storage what the kernel leaves there and how far it may be off, as
    // runtime/harness/compare.h takes them: halos and whatever else lies outside the view must be untouched, unless the
    // kernel owns the whole storage (planar: zeros); lanes past the last channel must be zero, or anything where zeros
    // don't come out of the arithmetic of themselves (sigmoid).
    struct Stored {
        std::vector<float> expected, bounds;
    };
    Stored stored(const Expected& expected) const;

  private:
    size_t index_of(size_t logical) const;
    bool in_view(size_t element) const;

    Argument argument_;
    std::vector<int> shape_;
    int run_length_;
    bool free_lanes_;
};

}  // namespace senetc::oracle
