// What a library computed of one image: run here, step by step, or read from a file that `senet run --tensors` wrote.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "generators/inspect/library.h"
#include "generators/verify/tensors.h"
#include "senet/senet.h"

namespace senetc::verifier {

struct Computed {
    std::map<std::string, std::vector<float>> steps;  // by step's name, those that are known
    std::vector<float> logits;
};

// A variant of a library, loaded.
class Runner {
  public:
    // Throws Error when the library can't be loaded, or the variant not be run.
    Runner(const std::string& library, const std::string& variant);
    ~Runner();
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    Computed run(const std::vector<float>& image);
    static bool runs_here(const std::string& library, const std::string& variant);  // other failures throw

  private:
    senet_model* model_ = nullptr;
    senet_session* session_ = nullptr;
};

// Image `i` of the tensors "logits" and of those that bear stages' names.
Computed computed_elsewhere(const TensorFile& file, const PlanVariant& variant, size_t classes, size_t i);

}  // namespace senetc::verifier
