// Weights of Adams2019's cost model, retrained on measurements: files Adams2019-N.weights beside the table or journal
// whose schedules say weights=N. N is 31 bits of the file's hash, so that a schedule's text still says all about it.
#pragma once

#include <filesystem>
#include <string>

namespace senetc {

int weights_number(const std::string& bytes);  // N, at least 1
std::string weights_file_name(int number);

// The path of the file in `folder`. Throws Error when it is missing, or not what its name says.
std::filesystem::path checked_weights(const std::filesystem::path& folder, int number);

// Puts weights into `folder`, whole, and returns N. Throws Error.
int store_weights(const std::filesystem::path& folder, const std::string& bytes);

// What Adams2019's plug-in has built in: where retraining begins. Throws Error.
std::string shipped_weights();

}  // namespace senetc
