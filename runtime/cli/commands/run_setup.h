// What `senet run` settles from its options and the network before the first image.
#pragma once

#include <string>
#include <vector>

#include "runtime/cli/commands/run.h"
#include "runtime/cli/image/preprocess.h"
#include "runtime/cli/output/report.h"

namespace senet::cli {

// Each throws Error for options that don't fit the network.
InputShape input_shape(const senet_model_v1_t& network, const RunOptions& options);
std::vector<std::string> class_labels(const senet_model_v1_t& network, const RunOptions& options);
ReportFormat report_format(const RunOptions& options);

}  // namespace senet::cli
