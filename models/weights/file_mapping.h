// A file's bytes, mapped for reading.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace senetc {

class FileMapping {
  public:
    // Throws Error when the file is missing, unreadable, not a regular file or empty.
    explicit FileMapping(const std::string& path);
    ~FileMapping();
    FileMapping(const FileMapping&) = delete;
    FileMapping& operator=(const FileMapping&) = delete;

    const char* data() const { return data_; }
    size_t size() const { return size_; }

  private:
    const char* data_ = nullptr;
    size_t size_ = 0;
};

}  // namespace senetc
