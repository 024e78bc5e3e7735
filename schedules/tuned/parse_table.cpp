#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <string_view>

#include "generators/compiler/check_stage.h"
#include "generators/compiler/targets.h"
#include "generators/compiler/words.h"
#include "models/error.h"
#include "schedules/check_schedule.h"
#include "schedules/tuned/table.h"

namespace senetc {

namespace {

constexpr const char* kMagic = "senetc-schedules";
constexpr const char* kVersion = "1";
constexpr size_t kHashDigits = 16;
constexpr const char* kRepair = "; mend the line or take it out";
constexpr const char* kNoTable = "; this is no table of schedules: name one that senetc tune wrote";

std::string_view trimmed(std::string_view text) {
    const char* blanks = " \t\r";
    const size_t first = text.find_first_not_of(blanks);
    return first == text.npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// "a | b | c"
std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> fields;
    for (size_t begin = 0; begin <= line.size();) {
        const size_t end = std::min(line.find('|', begin), line.size());
        fields.emplace_back(trimmed(line.substr(begin, end - begin)));
        begin = end + 1;
    }
    return fields;
}

double microseconds(const std::string& text) {
    double value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || stop != text.data() + text.size() || !std::isfinite(value) || value <= 0)
        throw Error(fmt::format("'{}' is no time in microseconds", text));
    return value;
}

class TableParser {
  public:
    explicit TableParser(const std::string& file) { table_.file = file; }

    ScheduleTable parse(std::string_view text) {
        if (trimmed(text).empty()) fail_file(fmt::format("it is empty{}", kNoTable));
        while (!text.empty()) {
            const size_t end = std::min(text.find('\n'), text.size());
            ++line_;
            read_line(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        check_header();
        return std::move(table_);
    }

  private:
    [[noreturn]] void fail_file(const std::string& what) const {
        throw Error(fmt::format("{}: {}", table_.file, what));
    }
    [[noreturn]] void fail(const std::string& what) const {
        throw Error(fmt::format("{}:{}: {}", table_.file, line_, what));
    }

    void read_line(std::string_view line) {
        const bool binary =
            std::any_of(line.begin(), line.end(), [](unsigned char c) { return c < ' ' && c != '\t' && c != '\r'; });
        if (binary) fail(fmt::format("it has bytes that are no text{}", kNoTable));
        line = trimmed(line.substr(0, line.find('#')));
        if (line.empty()) return;
        if (!begun_) return read_magic(line);
        if (line.find('|') == line.npos) return read_header(line);
        check_header();
        try {
            read_entry(fields_of(line));
        } catch (const Error& error) {
            fail(error.what() + std::string(kRepair));
        }
    }

    void read_magic(std::string_view line) {
        const size_t space = std::min(line.find(' '), line.size());
        if (line.substr(0, space) != kMagic)
            fail(fmt::format("it doesn't begin with '{} {}'{}", kMagic, kVersion, kNoTable));
        const std::string_view version = trimmed(line.substr(space));
        if (version != kVersion)
            fail(
                fmt::format("it is a table of version '{}', and this senetc reads version {}: use the senetc that "
                            "wrote it, or tune again",
                            version, kVersion));
        begun_ = true;
    }

    void read_header(std::string_view line) {
        const size_t space = std::min(line.find(' '), line.size());
        const std::string name(line.substr(0, space)), value(trimmed(line.substr(space)));
        if (name != "target" && name != "cpu" && name != "machine" && name != "threads")
            fail(fmt::format("'{}' is neither target, cpu, machine, threads nor an entry with six fields between '|'{}",
                             name, kRepair));
        if (!table_.entries.empty()) fail(fmt::format("'{}' must stand before all entries{}", name, kRepair));
        if (!headers_.insert(name).second) fail(fmt::format("'{}' is given twice{}", name, kRepair));
        if (value.empty()) fail(fmt::format("'{}' has no value{}", name, kRepair));
        try {
            if (name == "target") find_target(table_.target = value);
            if (name == "threads") table_.threads = to_int(value, std::string(line));
        } catch (const Error& error) {
            fail(error.what() + std::string(kRepair));
        }
        if (table_.threads < 1) fail(fmt::format("threads must be at least 1{}", kRepair));
        if (name == "cpu") table_.cpu = value;
        if (name == "machine") table_.machine = value;
    }

    void check_header() const {
        for (const char* name : {"target", "cpu", "machine", "threads"})
            if (headers_.count(name) == 0)
                fail(fmt::format("before the entries a line '{} ...' is missing; add it", name));
    }

    void read_entry(const std::vector<std::string>& fields) {
        if (fields.size() != 6)
            throw Error(
                fmt::format("an entry has six fields between '|' (variant, hash, stage, schedule, two times), "
                            "and this has {}",
                            fields.size()));
        TableEntry entry;
        entry.variant = fields[0];
        check_variant(entry.variant);
        entry.algorithm_hash = fields[1];
        if (entry.algorithm_hash.size() != kHashDigits ||
            entry.algorithm_hash.find_first_not_of("0123456789abcdef") != std::string::npos)
            throw Error(fmt::format("'{}' is no hash of {} hexadecimal digits", fields[1], kHashDigits));
        entry.stage = parse_stage(fields[2]);
        check_stage(entry.stage);
        entry.schedule = parse_schedule(fields[3]);
        check_schedule(entry.stage, entry.schedule);
        check_device(entry.schedule, find_variant(entry.variant).on_gpu());
        entry.us = microseconds(fields[4]);
        entry.hand_us = microseconds(fields[5]);
        entry.line = line_;
        add(std::move(entry));
    }

    void check_variant(const std::string& variant) const {
        const TargetInfo& target = find_target(table_.target);
        for (const VariantInfo& known : target.variants) {
            if (known.name != variant) continue;
            if (known.on_gpu())
                throw Error(fmt::format("'{}' is for GPUs, which tables have no schedules for", variant));
            return;
        }
        throw Error(fmt::format("{} has no variant '{}'; it has {}", target.name, variant, variant_names(target)));
    }

    void add(TableEntry entry) {
        const auto [known, fresh] = by_stage_.try_emplace({entry.variant, entry.stage}, table_.entries.size());
        if (fresh) return table_.entries.push_back(std::move(entry));
        const TableEntry& first = table_.entries[known->second];
        if (first.schedule == entry.schedule && first.algorithm_hash == entry.algorithm_hash) return;
        throw Error(
            fmt::format("it conflicts with line {}, which has another schedule or hash for the same variant and "
                        "stage; keep the faster one",
                        first.line));
    }

    ScheduleTable table_;
    std::set<std::string> headers_;
    std::map<std::pair<std::string, Stage>, size_t> by_stage_;  // in table_.entries
    int line_ = 0;
    bool begun_ = false;
};

}  // namespace

ScheduleTable parse_table(const std::string& text, const std::string& file) {
    return TableParser(file).parse(text);
}

}  // namespace senetc
