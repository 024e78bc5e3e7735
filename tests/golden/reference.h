// The networks whose results are known: their PyTorch definitions run in double (shared/reference/goldens.json), with
// weights and images by formula.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "generators/compiler/build.h"

namespace senetc::golden {

inline const std::filesystem::path kReference = std::filesystem::path(SENETC_SHARED) / "reference";

// Says so where they aren't.
bool is_present();

const nlohmann::json& expected(const std::string& name);

// How far results may be from the reference's, as a share of the largest logit.
double tolerance(const std::string& name);

// Everything of the request but targets: which network, with which weights.
BuildRequest request(const std::string& name, const PassOptions& passes = {});

// The stages that a library built like this shows.
std::set<std::string> shown_stages(const BuildRequest& request);

// The two images that all goldens are about, float [2][c][h][w].
std::vector<float> images(int channels, int height, int width);

// CHECKs that these are the reference's two rows of logits, and prints how far they are from them.
void check_logits(const std::string& name, const std::string& variant, const std::vector<float>& logits);

// A stage's values of both images, by the stage's name.
using Stages = std::map<std::string, std::vector<float>>;
void check_stages(const std::string& name, const std::set<std::string>& names, const Stages& stages);

}  // namespace senetc::golden
