// Memory for one argument of several images, as a kernel sees it: full of canaries, with some behind the end, too.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "generators/compiler/stage.h"
#include "tests/stages/kernel_host.h"

namespace senetc::test {

class KernelMemory {
  public:
    KernelMemory(const Argument& argument, int images);

    void set(int image, const std::vector<uint8_t>& contents);
    const uint8_t* image(int image) const;
    bool end_untouched() const;

    HostMemory memory(int image) const;  // a view that begins with that image

  private:
    Argument argument_;
    size_t image_bytes_, used_, size_;
    std::unique_ptr<uint8_t, void (*)(void*)> bytes_;
};

}  // namespace senetc::test
