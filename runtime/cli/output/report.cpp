#include "runtime/cli/output/report.h"

namespace senet::cli {

std::optional<ReportFormat> report_format_of(std::string_view path) {
    if (path.ends_with(".csv")) return ReportFormat::csv;
    if (path.ends_with(".json")) return ReportFormat::json;
    return std::nullopt;
}

std::unique_ptr<Report> make_report(ReportFormat format, OutputFile& out, const std::vector<std::string>& labels,
                                    uint32_t top) {
    switch (format) {
        case ReportFormat::csv:
            return make_csv_report(out, labels, top);
        case ReportFormat::json:
            return make_json_report(out, labels);
        case ReportFormat::text:
            break;
    }
    return make_text_report(out, labels);
}

}  // namespace senet::cli
