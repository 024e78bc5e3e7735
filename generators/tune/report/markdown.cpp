#include <fmt/format.h>

#include "generators/tune/report/drawings.h"
#include "generators/tune/report/report.h"
#include "generators/tune/report/rows.h"
#include "generators/tune/units.h"

namespace senetc::tune::report {
namespace {

std::string row(const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const std::string& cell : cells) line += " " + cell + " |";
    return line + "\n";
}

std::string rule() {
    std::string line = "|";
    for (const Column& column : columns()) line += column.is_number ? "---:|" : "---|";
    return line + "\n";
}

std::string table(const Record& record, const std::string& variant) {
    std::vector<std::string> titles;
    for (const Column& column : columns()) titles.push_back(column.title);
    std::string text = row(titles) + rule();
    for (const StageRecord* stage : stages_of(record, variant)) text += row(cells(record, *stage));
    return text + row(total_cells(record, variant));
}

}  // namespace

std::string markdown(const Record& record) {
    std::string text = fmt::format("# Tuning {}\n", record.network);
    for (const Fact& fact : facts(record)) text += fmt::format("\n- {}: {}", fact.what, fact.value);
    text += "\n";
    for (const std::string& variant : record.variants())
        text += fmt::format("\n## {}\n\n{}\n\n{}", variant, summary(record, variant), table(record, variant));
    return text + fmt::format("\n{}\n", legend());
}

}  // namespace senetc::tune::report
