// What the tests of models/ share.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "models/error.h"
#include "models/graph/graph.h"
#include "models/weights/bind.h"

namespace senetc {

// The sentence of the Error that `action` throws; "" if it throws none.
template <class Action>
std::string error_of(Action&& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

// A file that is gone at the end of the test.
class TemporaryFile {
  public:
    explicit TemporaryFile(const std::string& name, const std::string& bytes = "")
        : path_(std::filesystem::temp_directory_path() / ("senetc-test-" + std::to_string(getpid()) + "-" + name)) {
        write(bytes);
    }
    ~TemporaryFile() { std::filesystem::remove(path_); }
    TemporaryFile(const TemporaryFile&) = delete;

    // A new file each time: file systems flush one that is cut and written again.
    void write(const std::string& bytes) const {
        std::filesystem::remove(path_);
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

// A safetensors file of this header and data, as bytes.
inline std::string safetensors_bytes(const std::string& header, const std::string& data = "") {
    uint64_t length = header.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof length) + header + data;
}

template <class T>
std::string bytes_of(const std::vector<T>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

// Random constants for everything that the graph names, in double: weights shrink with their fan-in so that values
// neither vanish nor explode, variances are positive.
inline Graph bind_random(Graph graph, std::mt19937& random) {
    std::uniform_real_distribution<double> uniform(-1, 1);
    for (const auto& [name, shape] : expected_constants(graph)) {
        std::vector<double> values(element_count(shape));
        double scale = std::sqrt(3.0 * shape[0] / element_count(shape));
        bool variance = name.ends_with("running_var");
        for (double& value : values) value = variance ? 1.5 + uniform(random) : scale * uniform(random);
        graph.constants[name] = Tensor(shape, values);
    }
    return graph;
}

inline std::vector<double> random_values(size_t count, std::mt19937& random) {
    std::uniform_real_distribution<double> uniform(-1, 1);
    std::vector<double> values(count);
    for (double& value : values) value = uniform(random);
    return values;
}

inline std::vector<double> random_input(const Graph& graph, std::mt19937& random) {
    Type type = graph.nodes[0].type;
    return random_values(size_t(type.channels) * std::max(1, type.height) * std::max(1, type.width), random);
}

// The largest difference between two values over the larger one's largest element.
inline double relative_error(const std::vector<double>& a, const std::vector<double>& b) {
    REQUIRE(a.size() == b.size());
    double difference = 0, largest = 1e-300;
    for (size_t i = 0; i < a.size(); i++) {
        difference = std::max(difference, std::abs(a[i] - b[i]));
        largest = std::max({largest, std::abs(a[i]), std::abs(b[i])});
        if (!std::isfinite(a[i]) || !std::isfinite(b[i])) return INFINITY;
    }
    return difference / largest;
}

// Notes are for people: the text form's parser skips them.
inline Graph without_notes(Graph graph) {
    for (Node& node : graph.nodes) node.note.clear();
    return graph;
}

inline ValueId id_of(const Graph& graph, const std::string& name) {
    for (size_t id = 0; id < graph.nodes.size(); id++)
        if (graph.nodes[id].name == name) return static_cast<ValueId>(id);
    FAIL("no node named ", name);
    return -1;
}

inline int count_ops(const Graph& graph, const std::string& name) {
    return static_cast<int>(std::count_if(graph.nodes.begin(), graph.nodes.end(),
                                          [&](const Node& node) { return op_name(node.op) == name; }));
}

}  // namespace senetc
