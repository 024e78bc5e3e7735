#include "schedules/tuned/table.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "generators/system/whole_file.h"
#include "models/error.h"

namespace fs = std::filesystem;

namespace senetc {

namespace {

constexpr uintmax_t kLargestFile = uintmax_t{64} << 20;  // a network's table has some 20 kB

}  // namespace

std::string print(const ScheduleTable& table) {
    std::string text = fmt::format("senetc-schedules 1\ntarget {}\ncpu {}\nmachine {}\nthreads {}\n\n", table.target,
                                   table.cpu, table.machine, table.threads);
    text += "# variant | hash of the algorithm | stage | schedule | its microseconds | the hand schedule's\n";
    for (const TableEntry& entry : table.entries)
        text += fmt::format("{} | {} | {} | {} | {:.3f} | {:.3f}\n", entry.variant, entry.algorithm_hash,
                            to_string(entry.stage), to_string(entry.schedule), entry.us, entry.hand_us);
    return text;
}

ScheduleTable read_table(const std::string& path) {
    std::error_code error;
    if (fs::is_directory(path, error))
        throw Error(fmt::format("{}: this is a folder; name a table of schedules", path));
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw Error(fmt::format("{}: can't be read: {}; name a table that senetc tune wrote", path,
                                std::generic_category().message(errno)));
    const uintmax_t bytes = fs::file_size(path, error);
    if (!error && bytes > kLargestFile)
        throw Error(
            fmt::format("{}: {} MB are no table of schedules; name one that senetc tune wrote", path, bytes >> 20));
    std::string text;
    for (char c; text.size() <= kLargestFile && file.get(c);) text += c;  // a pipe has no size
    return parse_table(text, path);
}

void write_table(const std::string& path, const ScheduleTable& table) {
    if (const std::error_code error = replace_whole(path, print(table)))
        throw Error(fmt::format("{}: the table can't be written ({}); is the folder there, and has the disk room?",
                                path, error.message()));
}

}  // namespace senetc
