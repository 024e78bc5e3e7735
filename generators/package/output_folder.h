// Where a package is made: a temporary folder inside the output folder, whose products are renamed into place when all
// of them are whole. On an error nothing of it stays behind.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace senetc::package {

class OutputFolder {
  public:
    // Creates the folder where it is missing. Throws Error when it can't be written to.
    explicit OutputFolder(const std::string& path);
    ~OutputFolder();
    OutputFolder(const OutputFolder&) = delete;
    OutputFolder& operator=(const OutputFolder&) = delete;

    // A path for an intermediate file, and for a file that publish() puts into the output folder.
    std::string scratch(const std::string& file) const { return temporary_ / file; }
    std::string product(const std::string& file);

    // Returns the products' final paths, in the order in which they were asked for.
    std::vector<std::string> publish();

  private:
    std::filesystem::path final_, temporary_;
    std::vector<std::filesystem::path> created_;  // folders that did not exist, innermost first
    std::vector<std::string> products_;
};

}  // namespace senetc::package
