#include "generators/measure/run_output.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <cmath>
#include <csignal>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace senetc::measure {
namespace {

using nlohmann::json;
using tune::Measurement;
using tune::Outcome;

constexpr int kVersion = 1;
constexpr const char* kMark = "senetc_measurement";

Measurement ended(Outcome outcome, std::string message) {
    Measurement measurement;
    measurement.outcome = outcome;
    measurement.message = std::move(message);
    return measurement;
}

std::vector<json> measurements_in(const std::string& out) {
    std::vector<json> found;
    for (size_t begin = 0; begin < out.size();) {
        const size_t end = std::min(out.find('\n', begin), out.size());
        json line = json::parse(out.substr(begin, end - begin), nullptr, false);
        if (line.is_object() && line.contains(kMark)) found.push_back(std::move(line));
        begin = end + 1;
    }
    return found;
}

// The first words that were printed, on one line.
std::string first_words(const RunOutput& output) {
    constexpr size_t kMost = 160;
    const std::string& text = output.err.find_first_not_of(" \t\r\n") != std::string::npos ? output.err : output.out;
    const size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    std::string words;
    for (const char c : text.substr(begin, kMost)) {
        if (c == '\n') break;
        words += static_cast<unsigned char>(c) < 32 || static_cast<unsigned char>(c) > 126 ? '?' : c;
    }
    return words.empty() ? "it said nothing" : fmt::format("it said '{}'", words);
}

std::string end_of(int status) {
    if (WIFSIGNALED(status)) return fmt::format("signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
    return fmt::format("status {}", WEXITSTATUS(status));
}

Measurement without_measurement(const RunOutput& output) {
    if (output.here && WIFSIGNALED(output.status)) {
        const bool killed = WTERMSIG(output.status) == SIGKILL;
        return ended(Outcome::crash, fmt::format("the measuring program ended with {}{}", end_of(output.status),
                                                 killed ? "; was memory out?" : ""));
    }
    return ended(Outcome::lost, fmt::format("{} ended with {} and printed no measurement; {}",
                                            output.here ? "the measuring program" : "the runner's command",
                                            end_of(output.status), first_words(output)));
}

// A number of a measurement, or none.
std::optional<double> number(const json& object, const char* key) {
    if (!object.is_object() || !object.contains(key) || !object[key].is_number()) return std::nullopt;
    const double value = object[key].get<double>();
    return std::isfinite(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

// Cold times may be missing: not every machine lets programs flush caches.
std::optional<tune::Times> times(const json& line, const char* key) {
    if (!line.contains(key) || !line[key].is_object()) return std::nullopt;
    const std::optional<double> warm = number(line[key], "warm_us");
    const bool has_cold = line[key].contains("cold_us");
    const std::optional<double> cold = has_cold ? number(line[key], "cold_us") : 0;
    if (!warm || *warm == 0 || !cold) return std::nullopt;
    return tune::Times{*warm, *cold};
}

Measurement malformed(const json& line) {
    return ended(Outcome::lost, fmt::format("a measurement that isn't one came back: {}",
                                            line.dump(-1, ' ', true, json::error_handler_t::replace).substr(0, 200)));
}

Measurement read_ok(const json& line) {
    const std::optional<double> error = number(line, "error");
    const std::optional<tune::Times> candidate = times(line, "candidate"), incumbent = times(line, "incumbent");
    const bool stopped = line.contains("stopped_early") && line["stopped_early"].is_boolean();
    if (!error || !candidate || !incumbent || !stopped) return malformed(line);
    Measurement measurement;
    measurement.error = *error;
    measurement.candidate = *candidate;
    measurement.incumbent = *incumbent;
    measurement.stopped_early = line["stopped_early"].get<bool>();
    return measurement;
}

Measurement read_line(const json& line) {
    if (!line[kMark].is_number_integer() || line[kMark].get<int64_t>() != kVersion)
        return ended(Outcome::lost, "the measurement is of another version of senetc's measuring program");
    if (!line.contains("status") || !line["status"].is_string()) return malformed(line);
    const std::string status = line["status"];
    if (status == "ok") return read_ok(line);
    if (!line.contains("message") || !line["message"].is_string()) return malformed(line);
    const std::string message = line["message"];
    if (status == "wrong") return ended(Outcome::wrong, message);
    if (status == "crash") return ended(Outcome::crash, message);
    if (status == "timeout") return ended(Outcome::timeout, message);
    if (status == "failed") return ended(Outcome::lost, message);
    return malformed(line);
}

}  // namespace

Measurement read_measurement(const RunOutput& output) {
    if (output.said_too_much)
        return ended(Outcome::lost,
                     fmt::format("more than {} KB came back; {}", kMostOutput / 1024, first_words(output)));
    const std::vector<json> found = measurements_in(output.out);
    if (found.size() > 1)
        return ended(Outcome::lost, fmt::format("{} measurements came back of one run", found.size()));
    if (found.size() == 1) return read_line(found[0]);
    if (output.took_too_long && output.here)
        return ended(Outcome::timeout, fmt::format("measuring it took longer than {} s", output.limit_seconds));
    if (output.took_too_long)  // the program ends itself in time: it didn't get to run
        return ended(Outcome::lost, fmt::format("the runner's command took longer than {} s; {}", output.limit_seconds,
                                                first_words(output)));
    return without_measurement(output);
}

}  // namespace senetc::measure
