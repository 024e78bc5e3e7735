// Small random networks with everything that passes must be careful about: values with several users, stage names in
// the middle, uneven and 1x1 maps, biases or none, gates of other forms than SE's.
#pragma once

#include <random>

#include "models/graph/graph.h"

namespace senetc {

Graph random_graph(std::mt19937& random);  // with constants bound

}  // namespace senetc
