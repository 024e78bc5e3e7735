#include "generators/compiler/check_stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "models/error.h"

namespace senetc {
namespace {

constexpr int kChannels = 1 << 20, kExtent = 1 << 15, kHalo = 1 << 10;  // what products of two fit an int with

struct Word {
    const char* name;
    std::vector<std::string> values;
};

// What lowering writes for a generator (lower.cpp).
struct Parameters {
    std::vector<NumberRange> numbers;
    std::vector<Word> words;
};

const Word kAct = {"act", {"none", "relu", "sigmoid"}};
const Word kLayout = {"layout", {"blocked", "planar"}};
constexpr NumberRange kCh = {"ch", 1, kChannels}, kH = {"h", 1, kExtent}, kW = {"w", 1, kExtent};
constexpr NumberRange kInH = {"in_h", 1, kExtent}, kInW = {"in_w", 1, kExtent};
constexpr NumberRange kInHalo = {"in_halo", 0, kHalo}, kOutHalo = {"out_halo", 0, kHalo};
constexpr NumberRange kResHalo = {"res_halo", 0, kHalo};
constexpr NumberRange kKernel = {"kernel", 1, kHalo}, kStride = {"stride", 1, kHalo}, kPad = {"pad", 0, kHalo};
constexpr NumberRange kGate = {"gate", 0, 1}, kResidual = {"residual", 0, 1};
constexpr NumberRange kSums = {"sums", 0, 1}, kStore = {"store", 0, 1};

const std::map<std::string, Parameters>& parameters() {
    static const Parameters ingest = {{kCh, kH, kW, kOutHalo}, {kLayout}};
    static const std::map<std::string, Parameters> table = {
        {"conv",
         {{{"ci", 1, kChannels},
           {"co", 1, kChannels},
           kInH,
           kInW,
           {"kernel_h", 1, kHalo},
           {"kernel_w", 1, kHalo},
           kStride,
           kPad,
           kInHalo,
           kOutHalo,
           kGate,
           kResidual,
           kResHalo,
           kSums,
           kStore,
           {"shortcut_ci", 1, kChannels, true},
           {"shortcut_h", 1, kExtent, true},
           {"shortcut_w", 1, kExtent, true},
           {"shortcut_stride", 1, kHalo, true}},
          {kAct, kLayout}}},
        {"depthwise_conv",
         {{kCh, kKernel, kInH, kInW, kStride, kPad, kInHalo, kOutHalo, kGate, kSums, kStore}, {kAct}}},
        {"batch_norm", {{kCh, kH, kW, kInHalo, kOutHalo}, {kAct}}},
        {"squeeze", {{kCh, kH, kW, {"pixels", 1, kExtent * kExtent}, kInHalo}, {}}},
        {"window_means",
         {{kCh, kH, kW, kInHalo, {"tiles_x", 1, kExtent}, {"tiles_y", 1, kExtent}, {"sums_halo", 0, kHalo}}, {}}},
        {"excite", {{kCh, {"segments", 1, kHalo}, {"hidden", 1, kChannels}, {"out", 1, kChannels}}, {}}},
        {"scale_add", {{kCh, kH, kW, kInHalo, kOutHalo, kGate, kResidual, kResHalo, kSums, kStore}, {kAct}}},
        {"max_pool", {{kCh, kInH, kInW, kKernel, kStride, kPad, kInHalo, kOutHalo}, {}}},
        {"dense", {{{"in", 1, kChannels}, {"out", 1, kChannels}, {"logits", 0, 1}}, {kAct}}},
        {"ingest_f32", ingest},
        {"ingest_u8", ingest},
    };
    return table;
}

const Parameters& parameters_of(const Stage& stage) {
    const auto found = parameters().find(stage.generator);
    if (found != parameters().end()) return found->second;
    std::vector<std::string> names;
    for (const auto& [name, ignored] : parameters()) names.push_back(name);
    throw Error(fmt::format("no generator is called '{}'; there are {}", stage.generator, fmt::join(names, ", ")));
}

}  // namespace

void check_range(const NumberRange& range, int value, const std::string& text) {
    if (value < range.least || value > range.most)
        throw Error(fmt::format("{}={} is outside {} to {} in '{}'", range.name, value, range.least, range.most, text));
}

void check_stage(const Stage& stage) {
    const Parameters& known = parameters_of(stage);
    const std::string text = to_string(stage);
    size_t seen = 0;
    const auto missing = [&](const char* name) { throw Error(fmt::format("'{}' is missing in '{}'", name, text)); };
    for (const NumberRange& number : known.numbers) {
        const auto given = stage.params.find(number.name);
        if (given == stage.params.end() && !number.optional) missing(number.name);
        if (given == stage.params.end()) continue;
        check_range(number, stage.number(number.name), text);
        ++seen;
    }
    for (const Word& word : known.words) {
        const auto given = stage.params.find(word.name);
        if (given == stage.params.end()) missing(word.name);
        if (!std::count(word.values.begin(), word.values.end(), given->second))
            throw Error(fmt::format("{}={} is none of {} in '{}'", word.name, given->second,
                                    fmt::join(word.values, ", "), text));
        ++seen;
    }
    if (seen == stage.params.size()) return;
    for (const auto& [name, ignored] : stage.params) {
        const auto same = [&, n = name](const auto& known_one) { return n == known_one.name; };
        if (std::none_of(known.numbers.begin(), known.numbers.end(), same) &&
            std::none_of(known.words.begin(), known.words.end(), same))
            throw Error(fmt::format("{} has no parameter '{}', in '{}'", stage.generator, name, text));
    }
}

}  // namespace senetc
