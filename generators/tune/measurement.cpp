#include "generators/tune/measurement.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>
#include <vector>

#include "models/error.h"

namespace senetc::tune {
namespace {

constexpr std::array<std::pair<Outcome, const char*>, 8> kOutcomes = {{{Outcome::ok, "ok"},
                                                                       {Outcome::refused, "refused"},
                                                                       {Outcome::compile_crash, "compile_crash"},
                                                                       {Outcome::compile_timeout, "compile_timeout"},
                                                                       {Outcome::wrong, "wrong"},
                                                                       {Outcome::crash, "crash"},
                                                                       {Outcome::timeout, "timeout"},
                                                                       {Outcome::lost, "lost"}}};

}  // namespace

const char* to_string(Outcome outcome) {
    for (const auto& [value, name] : kOutcomes)
        if (value == outcome) return name;
    return "?";
}

Outcome parse_outcome(const std::string& text) {
    std::vector<std::string> names;
    for (const auto& [value, name] : kOutcomes) {
        if (text == name) return value;
        names.push_back(name);
    }
    throw Error(fmt::format("'{}' is no outcome of a measurement; they are {}", text, fmt::join(names, ", ")));
}

}  // namespace senetc::tune
