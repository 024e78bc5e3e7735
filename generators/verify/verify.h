// A compiled library against the evaluator in double, or against another framework's outputs.
#pragma once

#include <string>

namespace senetc::verifier {

struct Request {
    std::string library, weights;
    std::string tensors;  // the input: safetensors [N, C, H, W]; "": one image by formula
    std::string expect;   // another framework's outputs of `tensors`; "": none
    std::string outputs;  // what the library computed of `tensors` elsewhere; "": it is run here
    std::string variant;  // "": every one that this CPU runs
    double tolerance = kTolerance;
    int images = 1;  // at most so many are evaluated, which is slow
    bool every_step = false;

    // Of the largest value. Winograd's transforms and float32 sums over thousands of products lose up to 1e-5 of it; a
    // wrong weight or instruction shows as 1e-2 and more.
    static constexpr double kTolerance = 1e-4;
};

struct Verdict {
    std::string text;  // the report; its last line says what is wrong
    bool passes = true;
};

// Throws Error when there is nothing to compare: files that are no such files, a library of another machine.
Verdict verify_library(const Request& request);

}  // namespace senetc::verifier
