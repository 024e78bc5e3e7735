// What zoo.cpp lists: each family's networks, in its own file.
#pragma once

#include <vector>

#include "models/zoo/zoo.h"

namespace senetc {

std::vector<Network> resnets();        // resnet.cpp
std::vector<Network> cifar_resnets();  // cifar_resnet.cpp
std::vector<Network> mobilenets();     // mobilenet.cpp

}  // namespace senetc
