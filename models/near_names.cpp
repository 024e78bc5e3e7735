#include "models/near_names.h"

#include <algorithm>
#include <numeric>

namespace senetc {
namespace {

// Insertions, deletions and replacements of characters that turn one name into the other (Levenshtein).
int edit_distance(const std::string& a, const std::string& b) {
    std::vector<int> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (size_t i = 1; i <= a.size(); i++) {
        int diagonal = row[0];
        row[0] = static_cast<int>(i);
        for (size_t j = 1; j <= b.size(); j++) {
            int replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

}  // namespace

std::vector<std::string> near_names(const std::string& name, const std::vector<std::string>& names) {
    constexpr int kNear = 4;
    std::vector<std::pair<int, std::string>> ranked;
    for (const std::string& other : names) ranked.emplace_back(edit_distance(name, other), other);
    std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> near;
    for (const auto& [distance, other] : ranked)
        if (distance <= kNear) near.push_back(other);
    return near;
}

}  // namespace senetc
