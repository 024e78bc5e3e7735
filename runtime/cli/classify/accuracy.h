// Accuracy when images lie in one folder per class.
//
// Which class a folder stands for may be known only when all folders have been seen, so what is counted, per folder, is
// how often each class came first and how often among the first five; the folders are named to classes at the end.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/cli/classify/top_k.h"

namespace senet::cli {

struct Accuracy {
    uint64_t images = 0, top1 = 0, top5 = 0;
    uint64_t unknown = 0;        // images whose folder names no class; not in `images`
    std::string unknown_folder;  // one such folder
};

class AccuracyCounter {
  public:
    explicit AccuracyCounter(uint32_t classes) : classes_(classes) {}

    // `top`: the five likeliest classes, or all if there are fewer.
    void add(const std::string& path, std::span<const Prediction> top);

    // Folders stand for classes by name (a label, or its first word: "n02110063" for "n02110063 malamute"), else by
    // leading number
    // ("07_horse"), else, when there are as many as classes, by their order. Throws Error when none of the three fits.
    Accuracy result(const std::vector<std::string>& labels) const;

  private:
    struct Counts {
        uint64_t images = 0;
        std::map<uint32_t, uint64_t> top1, top5;
    };
    using FolderClasses = std::map<std::string, uint32_t>;

    FolderClasses classes_by_label(const std::vector<std::string>& labels) const;
    FolderClasses classes_by_number() const;
    FolderClasses classes_by_order() const;

    uint32_t classes_;
    std::map<std::string, Counts> folders_;
};

// The name of the folder that a file lies in.
std::string parent_folder(const std::string& path);

}  // namespace senet::cli
