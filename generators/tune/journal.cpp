#include "generators/tune/journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "models/error.h"

namespace senetc::tune {

namespace {

// A killed run's children, who hold its lock with it, are gone a moment later.
constexpr int kLockTries = 20;
constexpr std::chrono::milliseconds kBetweenTries{50};

// The process that locked a file, from lines like "1: FLOCK  ADVISORY  WRITE 4711 08:01:131074 0 EOF"; 0: unknown.
int holder_of(int file) {
    struct stat status {};
    if (fstat(file, &status) != 0) return 0;
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
        std::istringstream words(line);
        std::string number, kind, advisory, access, place;
        int pid = 0;
        words >> number >> kind >> advisory >> access >> pid >> place;
        if (place.ends_with(fmt::format(":{}", status.st_ino))) return pid;
    }
    return 0;
}

std::string read_all(int file, const std::string& name) {
    std::string text;
    char part[1 << 16];
    for (ssize_t count; (count = pread(file, part, sizeof part, off_t(text.size()))) != 0;) {
        if (count < 0 && errno != EINTR) throw Error(fmt::format("{}: can't be read: {}", name, std::strerror(errno)));
        if (count > 0) text.append(part, size_t(count));
    }
    return text;
}

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = write(file, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) return false;
        if (count > 0) bytes.remove_prefix(size_t(count));
    }
    return true;
}

}  // namespace

Journal::Journal(const std::filesystem::path& path) : path_(path) {
    file_ = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file_ < 0)
        throw Error(fmt::format("{}: the journal can't be written: {}; choose another place with --journal",
                                path.string(), std::strerror(errno)));
    try {
        lock();
        const std::string text = read_all(file_, path.string());
        contents_ = parse_journal(text, path.string(), &dropped_);
        if (dropped_ != 0 && ftruncate(file_, off_t(text.size() - dropped_)) != 0)
            throw Error(
                fmt::format("{}: its torn last line can't be cut off: {}", path.string(), std::strerror(errno)));
    } catch (...) {
        close(file_);
        throw;
    }
}

Journal::~Journal() {
    close(file_);
}

void Journal::lock() {
    for (int tries = 1; flock(file_, LOCK_EX | LOCK_NB) != 0; tries++) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            throw Error(fmt::format("{}: the journal can't be locked: {}", path_.string(), std::strerror(errno)));
        if (tries < kLockTries) {
            std::this_thread::sleep_for(kBetweenTries);
            continue;
        }
        const int pid = holder_of(file_);
        throw Error(
            fmt::format("{}: another senetc tune{} is writing this journal; wait for it, end it, or begin another "
                        "journal with --journal",
                        path_.string(), pid == 0 ? "" : fmt::format(", process {},", pid)));
    }
}

void Journal::append(const std::string& line) {
    const off_t end = lseek(file_, 0, SEEK_END);
    if (write_all(file_, line + "\n") && fdatasync(file_) == 0) return;
    const std::string why = std::strerror(errno);
    const bool cut = ftruncate(file_, end) == 0;
    throw Error(
        fmt::format("{}: the journal can't be written: {}; it ends with the candidate before{}, so the same "
                    "command goes on from there once that is mended",
                    path_.string(), why, cut ? "" : ", and a torn line that will be dropped"));
}

void check_same_run(const JournalHeader& written, const JournalHeader& asked, const std::string& file) {
    const auto check = [&](const char* what, const auto& was, const auto& is) {
        if (was == is) return;
        throw Error(
            fmt::format("{}: this journal is of another run: {} was {}, and now is {}; go on with what it was made "
                        "with, or begin another journal with --journal",
                        file, what, was, is));
    };
    check("the network", written.network, asked.network);
    check("the text of the network (its hash)", written.network_hash, asked.network_hash);
    check("--target", written.target, asked.target);
    check("--variants", fmt::format("{}", fmt::join(written.variants, ",")),
          fmt::format("{}", fmt::join(asked.variants, ",")));
    check("the CPU", written.cpu, asked.cpu);
    check("the machine", written.machine, asked.machine);
    check("--threads", written.threads, asked.threads);
    check("--batch", written.batch, asked.batch);
    check("--seed", written.seed, asked.seed);
    check("--strategy", written.strategy, asked.strategy);
    check("--stages", fmt::format("{}", fmt::join(written.only, ",")), fmt::format("{}", fmt::join(asked.only, ",")));
    check("--autoschedulers", fmt::format("{}", fmt::join(written.autoschedulers, ",")),
          fmt::format("{}", fmt::join(asked.autoschedulers, ",")));
    check("the number of stages", written.stages.size(), asked.stages.size());
    for (size_t i = 0; i < written.stages.size(); i++) {
        const JournalStage &was = written.stages[i], &is = asked.stages[i];
        check("a stage", to_string(was.stage), to_string(is.stage));
        const auto of_stage = [&](const char* what) { return fmt::format("{} of {}", what, was.first_use); };
        check(of_stage("the hand schedule").c_str(), to_string(was.hand), to_string(is.hand));
        check(of_stage("the algorithm (its hash)").c_str(), was.algorithm_hash, is.algorithm_hash);
    }
}

}  // namespace senetc::tune
