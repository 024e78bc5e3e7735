#include "runtime/cli/classify/accuracy.h"

#include <charconv>
#include <filesystem>

#include "runtime/cli/error.h"

namespace senet::cli {

namespace {

uint64_t count(const std::map<uint32_t, uint64_t>& counts, uint32_t index) {
    const auto found = counts.find(index);
    return found == counts.end() ? 0 : found->second;
}

}  // namespace

std::string parent_folder(const std::string& path) {
    return std::filesystem::absolute(path).lexically_normal().parent_path().filename().string();
}

void AccuracyCounter::add(const std::string& path, std::span<const Prediction> top) {
    Counts& counts = folders_[parent_folder(path)];
    counts.images++;
    for (size_t i = 0; i < top.size() && i < 5; i++) {
        if (i == 0) counts.top1[top[i].index]++;
        counts.top5[top[i].index]++;
    }
}

AccuracyCounter::FolderClasses AccuracyCounter::classes_by_label(const std::vector<std::string>& labels) const {
    FolderClasses result;
    for (uint32_t i = 0; i < labels.size(); i++) {
        for (const std::string& name : {labels[i], labels[i].substr(0, labels[i].find_first_of(" ,"))}) {
            if (folders_.contains(name)) result.emplace(name, i);
        }
    }
    return result;
}

AccuracyCounter::FolderClasses AccuracyCounter::classes_by_number() const {
    FolderClasses result;
    for (const auto& [folder, counts] : folders_) {
        uint32_t index = 0;
        const auto [end, error] = std::from_chars(folder.data(), folder.data() + folder.size(), index);
        if (error != std::errc() || index >= classes_) return {};
        result.emplace(folder, index);
    }
    return result;
}

AccuracyCounter::FolderClasses AccuracyCounter::classes_by_order() const {
    FolderClasses result;
    if (folders_.size() != classes_) return {};
    for (const auto& [folder, counts] : folders_) result.emplace(folder, uint32_t(result.size()));
    return result;
}

Accuracy AccuracyCounter::result(const std::vector<std::string>& labels) const {
    FolderClasses classes = classes_by_label(labels);
    if (classes.empty()) classes = classes_by_number();
    if (classes.empty()) classes = classes_by_order();
    if (classes.empty() && !folders_.empty()) {
        throw Error(
            "--class-folders: folder '{}' is no label, begins with no class number, and the {} folders are not as "
            "many as the {} classes",
            folders_.begin()->first, folders_.size(), classes_);
    }
    Accuracy accuracy;
    for (const auto& [folder, counts] : folders_) {
        const auto found = classes.find(folder);
        if (found == classes.end()) {
            accuracy.unknown += counts.images;
            accuracy.unknown_folder = folder;
            continue;
        }
        accuracy.images += counts.images;
        accuracy.top1 += count(counts.top1, found->second);
        accuracy.top5 += count(counts.top5, found->second);
    }
    return accuracy;
}

}  // namespace senet::cli
