#include "generators/compiler/stage_generator.h"

#include "generators/stages/registry.h"

namespace senetc {

std::unique_ptr<Halide::Internal::AbstractGenerator> stage_generator(const Stage& stage, const Schedule& schedule,
                                                                     const Halide::GeneratorContext& context) {
    auto generator = make_generator(winograd_tile(schedule) != 0 ? "winograd" : stage.generator, context);
    for (const auto& [name, value] : stage.params) generator->set_generatorparam_value(name, value);
    generator->set_generatorparam_value("schedule", to_string(schedule));
    if (has_sums(stage)) {
        generator->set_generatorparam_value("map_w", std::to_string(output_map(stage).width));
        generator->set_generatorparam_value("map_h", std::to_string(output_map(stage).height));
    }
    return generator;
}

}  // namespace senetc
