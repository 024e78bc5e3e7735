#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "generators/tune/network_times.h"
#include "models/error.h"

namespace senetc::tune {
namespace {

using nlohmann::json;

// Both networks compute the same sums, Winograd's in another order: logits of float agree to about 1e-4.
constexpr double kMostDifference = 1e-2;

json find_line(const std::string& output) {
    for (size_t begin = 0; begin < output.size();) {
        const size_t end = std::min(output.find('\n', begin), output.size());
        json line = json::parse(output.substr(begin, end - begin), nullptr, false);
        if (line.is_object() && line.contains("senetc_network")) return line;
        begin = end + 1;
    }
    throw Error("the network's measuring program printed no times");
}

void set_pairs(NetworkTimes& times, const json& pairs) {
    std::vector<double> hands, tuneds, ratios;
    for (const json& pair : pairs) {
        const double hand = pair.at(0), tuned = pair.at(1);
        if (!(hand > 0 && tuned > 0)) throw Error("the network's measuring program printed a time that is none");
        hands.push_back(hand);
        tuneds.push_back(tuned);
        ratios.push_back(tuned / hand);
    }
    if (ratios.empty()) throw Error("the network's measuring program timed nothing");
    times.hand_us = median(hands);
    times.tuned_us = median(tuneds);
    times.ratio = median(ratios);
    times.interval = median_interval(ratios);
    times.pairs = int(ratios.size());
}

NetworkTimes read(const json& line, size_t steps) {
    if (line.at("senetc_network") != 1) throw Error("the network's times are of another version of senetc");
    const double difference = line.at("difference");
    if (!(difference <= kMostDifference))
        throw Error(fmt::format(
            "the network's logits with the table's schedules differ from hand's by {:.2g} of the largest: one "
            "of its entries is wrong; leave the table alone and report it",
            difference));
    NetworkTimes times;
    set_pairs(times, line.at("pairs"));
    const json &hand = line.at("hand"), &tuned = line.at("tuned");
    if (hand.size() != steps || tuned.size() != steps)
        throw Error(fmt::format("the network's measuring program timed {} and {} steps, and the network has {}",
                                hand.size(), tuned.size(), steps));
    times.steps.resize(steps);
    for (size_t i = 0; i < steps; ++i) {
        times.steps[i].hand_us = hand[i];
        times.steps[i].tuned_us = tuned[i];
    }
    return times;
}

}  // namespace

NetworkTimes parse_network_times(const std::string& output, size_t steps) try {
    return read(find_line(output), steps);
} catch (const json::exception&) {
    throw Error("the network's measuring program printed times that can't be read");
}

}  // namespace senetc::tune
