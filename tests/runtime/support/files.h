// Files for tests: a folder that goes away, and model libraries with the trailer that the compiler would append.
#pragma once

#include <string>

#include "senet/model_abi.h"

namespace senetc {

class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  private:
    std::string path_;
};

std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& bytes);

// The trailer of `contents`, right in every field.
senet_trailer_v1_t trailer_of(const std::string& contents, const char* magic, const std::string& model);
std::string with_trailer(const std::string& contents, const senet_trailer_v1_t& trailer);

// The toy model's library with its trailer.
std::string toy_library();
std::string toy_beside_library();  // its weights are in toy.weights
std::string toy_weights_file();

}  // namespace senetc
