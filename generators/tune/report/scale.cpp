#include "generators/tune/report/scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace senetc::tune::report {

Scale::Scale(Spacing spacing, double from, double to, double first, double last)
    : spacing_(spacing), from_(from), to_(std::max(to, from + 1e-9)), first_(first), last_(last) {}

double Scale::operator()(double value) const {
    value = std::clamp(value, from_, to_);
    const double part =
        spacing_ == Spacing::linear ? (value - from_) / (to_ - from_) : std::log(value / from_) / std::log(to_ / from_);
    return first_ + part * (last_ - first_);
}

std::vector<double> Scale::ticks() const {
    std::vector<double> values;
    if (spacing_ == Spacing::linear) {
        const double rough = (to_ - from_) / 8, power = std::pow(10, std::floor(std::log10(rough)));
        const double factor = rough / power, step = power * (factor < 2 ? 2 : factor < 5 ? 5 : 10);
        for (double value = std::ceil(from_ / step) * step; value <= to_ * (1 + 1e-9); value += step)
            values.push_back(value);
        return values;
    }
    for (double power = std::pow(10, std::floor(std::log10(from_))); power <= to_; power *= 10)
        for (const double digit : {1, 2, 5})
            if (digit * power >= from_ && digit * power <= to_) values.push_back(digit * power);
    return values;
}

std::string number(double value) {
    return std::abs(value) < 1e-12 ? "0"
           : std::abs(value) < 100 ? fmt::format("{:.4g}", value)
                                   : fmt::format("{:.0f}", value);
}

}  // namespace senetc::tune::report
