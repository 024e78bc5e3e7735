// A stage's generator with its parameters set: the algorithm before Halide does anything with it.
#pragma once

#include <Halide.h>

#include <memory>

#include "generators/compiler/stage.h"

namespace senetc {

// For one use. A convolution's schedule chooses the algorithm, too.
std::unique_ptr<Halide::Internal::AbstractGenerator> stage_generator(const Stage& stage, const Schedule& schedule,
                                                                     const Halide::GeneratorContext& context);

}  // namespace senetc
