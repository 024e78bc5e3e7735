// One row per file, in one of three forms: lines for people, CSV (RFC 4180) or a JSON array.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/cli/classify/top_k.h"
#include "runtime/cli/output/output_file.h"

namespace senet::cli {

struct Row {
    std::string path;
    std::string error;            // "" or why there are no predictions
    std::vector<Prediction> top;  // likeliest first
};

enum class ReportFormat { text, csv, json };

// By the ending of a file's name; nothing for any other.
std::optional<ReportFormat> report_format_of(std::string_view path);

class Report {
  public:
    virtual ~Report() = default;
    virtual void begin() {}
    virtual void row(const Row& row) = 0;
    virtual void end() {}
};

// `labels` holds the names of the classes or is empty; `top` is the number of predictions in a row. Both references
// outlive the report.
std::unique_ptr<Report> make_report(ReportFormat format, OutputFile& out, const std::vector<std::string>& labels,
                                    uint32_t top);

// ---- One form each; make_report chooses ----------------------------------------------------------------------------

std::unique_ptr<Report> make_text_report(OutputFile& out, const std::vector<std::string>& labels);
std::unique_ptr<Report> make_csv_report(OutputFile& out, const std::vector<std::string>& labels, uint32_t top);
std::unique_ptr<Report> make_json_report(OutputFile& out, const std::vector<std::string>& labels);

}  // namespace senet::cli
