// What the tests of packages share: a plan with every field set, weights, a folder that cleans up, and programs to run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "generators/package/package.h"

namespace senetc::test {

// A new folder under the system's temporary one, removed with everything in it.
class TestFolder {
  public:
    TestFolder();
    ~TestFolder();
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;
    std::filesystem::path operator/(const std::string& file) const { return path_ / file; }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

std::string read(const std::filesystem::path& file);
void write(const std::filesystem::path& file, const std::string& bytes);
std::vector<std::string> list(const std::filesystem::path& folder);  // names, sorted

struct Output {
    int status;
    std::string text;  // both streams
};
Output shell(const std::string& command);

// Two variants of two steps each, no two fields alike. Its kernels are those of package_kernels.c.
Plan make_plan(const std::string& name);

// That plan with `weights_bytes` bytes of weights in `folder`, to be packaged into `folder`/dist.
PackageInput make_input(const TestFolder& folder, const std::string& name, size_t weights_bytes = 1000);

}  // namespace senetc::test
