// Where results go. A regular file appears whole or not at all: it is written under a temporary name beside its place,
// and commit() gives it its name. Without commit(), and when the program is interrupted, the temporary file is removed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace senet::cli {

class OutputFile {
  public:
    OutputFile();  // standard output

    // Opens a temporary file beside `path`. When `path` is no regular file (a device, a pipe), it is written directly.
    explicit OutputFile(const std::string& path);

    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    ~OutputFile();

    void write(std::string_view text);  // buffered
    void flush();

    // Writes at a place of the file, past write()'s buffer. Regular files only.
    void write_at(uint64_t offset, const void* bytes, size_t count);
    bool seekable() const { return !temporary_.empty(); }

    // Flushes everything to the disk and gives the file its name.
    void commit();

  private:
    [[noreturn]] void fail(int error) const;
    void write_now(const char* bytes, size_t count);

    std::string path_;       // for messages and the final name
    std::string temporary_;  // "" when written directly
    int fd_ = -1;
    bool owns_fd_ = true;
    std::string buffer_;
};

}  // namespace senet::cli
