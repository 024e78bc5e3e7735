// A regular file, mapped read-only for as long as this lives.
#pragma once

#include <cstddef>
#include <cstdint>

#include "senet/senet.h"

namespace senet {

class Mapping {
  public:
    Mapping() = default;
    ~Mapping() { close(); }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;

    // Fails with SENET_NOT_FOUND, SENET_IO_ERROR or, for a directory or an empty file, SENET_BAD_FILE.
    senet_status open(const char* path);
    void close();
    void take(Mapping& other);  // other's file becomes this one's

    const uint8_t* data() const { return data_; }
    size_t size() const { return size_; }

  private:
    const uint8_t* data_ = nullptr;
    size_t size_ = 0;
};

}  // namespace senet
