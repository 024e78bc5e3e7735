// Where a package is made: a temporary folder inside the output folder, whose products are renamed into place when all
// of them are whole. On an error nothing of it stays behind, and what was there before is there again. Of several
// builds into one folder the last to publish wins, with all of its files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "generators/system/locked_folder.h"

namespace senetc::package {

class OutputFolder {
  public:
    // Creates the folder where it is missing. Throws Error when it can't be written to.
    explicit OutputFolder(const std::string& path);
    ~OutputFolder();
    OutputFolder(const OutputFolder&) = delete;
    OutputFolder& operator=(const OutputFolder&) = delete;

    // A path for an intermediate file, and for a file that publish() puts into the output folder.
    std::string scratch(const std::string& file) const { return temporary_->path() / file; }
    std::string product(const std::string& file);

    // Puts the products in place, all or none. Returns their paths, in the order in which they were asked for.
    std::vector<std::string> publish();

  private:
    void put(const std::string& file, bool& exchanged) const;
    void take_back(const std::string& file, bool exchanged) const;

    std::filesystem::path final_;
    std::optional<LockedFolder> temporary_;
    std::vector<std::filesystem::path> created_;  // folders that did not exist, innermost first
    std::vector<std::string> products_;
};

}  // namespace senetc::package
