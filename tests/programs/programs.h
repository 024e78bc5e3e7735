// Running senetc and senet as a user does, in a folder of the test's own.
#pragma once

#include <filesystem>
#include <string>

#include "generators/compiler/temporary_folder.h"

namespace senetc::test {

struct Outcome {
    int status = -1;     // exit status
    std::string output;  // standard output
    std::string errors;  // standard error
};

// Runs a shell command line in which {senetc} and {senet} stand for the programs just built.
Outcome run(const std::string& command);

std::string read_text(const std::filesystem::path& path);

// The trained CIFAR-10 network that the repository holds, built once a process. Returns the library's path.
const std::string& trained_library();
inline const std::string kTrainedWeights = SENETC_SOURCE "/models/weights/se_resnet20_cifar10.safetensors";

}  // namespace senetc::test
