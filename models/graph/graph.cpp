#include "models/graph/graph.h"

#include "models/graph/ops.h"

namespace senetc {

std::string op_name(const Op& op) {
    return kOps[op.index()].name;
}

}  // namespace senetc
