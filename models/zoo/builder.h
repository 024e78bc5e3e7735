// Builds networks node by node, with PyTorch's names; every value is typed as it is added.
#pragma once

#include <string>

#include "models/graph/graph.h"
#include "models/zoo/zoo.h"

namespace senetc {

class Builder {
  public:
    // The graph's name is the network's, without "se_" when plain. Throws Error for options that make no network.
    Builder(const Network& network, const NetworkOptions& options);

    ValueId input() const { return 0; }
    int channels(ValueId value) const { return graph_.nodes.at(value).type.channels; }

    // Names the constants name.weight and so on.
    ValueId conv(const std::string& name, ValueId x, int out, int kernel, int stride, int pad, int groups = 1);
    ValueId batch_norm(const std::string& name, ValueId x);
    ValueId relu(const std::string& name, ValueId x);
    ValueId max_pool(const std::string& name, ValueId x, int kernel, int stride, int pad);
    ValueId add(const std::string& name, ValueId a, ValueId b);
    // name.pool, .fc.0, .fc.1, .fc.2, .gate and .scale; nothing, so x itself, for a plain network.
    ValueId se(const std::string& name, ValueId x);

    void mark_stage(ValueId value, const std::string& stage) { graph_.nodes.at(value).stage = stage; }
    // Global average pool, "pool", and the classifier, "fc".
    Graph classify(ValueId x);

    bool plain() const { return plain_; }

  private:
    ValueId push(const std::string& name, Op op, std::vector<ValueId> inputs);

    Graph graph_;
    int classes_, reduction_;
    bool plain_;
};

}  // namespace senetc
