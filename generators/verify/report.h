// Comparisons as text, and what they amount to.
#pragma once

#include <string>
#include <vector>

#include "generators/verify/comparison.h"

namespace senetc::verifier {

// What was compared of one variant, over all images.
struct Findings {
    std::string heading;               // "avx512, run here"
    std::vector<Comparison> steps;     // in the plan's order
    std::vector<Comparison> expected;  // with another framework's outputs, the logits last
    Comparison logits{"logits"};
    Comparison passes{"logits after the passes"};  // both in double; only where the logits alone are wrong
};

// The logits, the steps with the largest errors (all of them if every_step), other outputs.
std::string report(const Findings& findings, double tolerance, bool every_step);

// "" when all is within the tolerance; else a sentence that names the first step beyond it and the worst.
std::string fault(const Findings& findings, double tolerance);

}  // namespace senetc::verifier
