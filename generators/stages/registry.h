// The generators by name.
#pragma once

#include <Halide.h>

#include <memory>
#include <string>

namespace senetc {

// A fresh generator, for one use. Throws std::logic_error for an unknown name.
std::unique_ptr<Halide::Internal::AbstractGenerator> make_generator(const std::string& name,
                                                                    const Halide::GeneratorContext& context);

}  // namespace senetc
