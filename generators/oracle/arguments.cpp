#include "generators/oracle/arguments.h"

namespace senetc::oracle {

Array Random::fill(Array array, bool bytes) {
    for (double& value : array.values)
        value = bytes ? (next() >> 24) : static_cast<float>((next() >> 8) / 8388608.0 - 1);
    return array;
}

Arguments random_arguments(const Stage& stage, const Schedule& schedule, Random& random) {
    Arguments values;
    for (const Argument& argument : arguments(stage, schedule)) {
        if (argument.role == Role::output) continue;
        const Array empty(logical_shape(stage, argument));
        values[argument.name] = argument.name == "input_sums" ? tile_sums(values.at("input"), empty.shape)
                                                              : random.fill(empty, argument.type_bits == 8);
    }
    return values;
}

}  // namespace senetc::oracle
