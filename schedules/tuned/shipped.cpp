#include "schedules/tuned/shipped.h"

#include "schedules/tuned/shipped_texts.h"

namespace senetc {

const std::vector<ScheduleTable>& shipped_tables() {
    static const std::vector<ScheduleTable> tables = [] {
        std::vector<ScheduleTable> parsed;
        for (const ShippedText* table = kShippedTexts; table->file != nullptr; ++table)
            parsed.push_back(parse_table(table->text, table->file));
        return parsed;
    }();
    return tables;
}

const ScheduleTable* shipped_table(const std::string& target, const std::string& cpu) {
    for (const ScheduleTable& table : shipped_tables())
        if (table.target == target && table.cpu == cpu) return &table;
    return nullptr;
}

}  // namespace senetc
