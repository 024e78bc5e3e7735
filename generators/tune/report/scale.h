// From values to pixels along one axis.
#pragma once

#include <string>
#include <vector>

namespace senetc::tune::report {

enum class Spacing { linear, logarithmic };

class Scale {
  public:
    // `from` is at `first` pixels, `to` at `last`; a logarithmic axis begins above 0.
    Scale(Spacing spacing, double from, double to, double first, double last);

    double operator()(double value) const;  // values beyond an end lie on it
    std::vector<double> ticks() const;      // round numbers, few

  private:
    Spacing spacing_;
    double from_, to_, first_, last_;
};

std::string number(double value);  // "0.5", "120"

}  // namespace senetc::tune::report
