// CSV as RFC 4180 has it, but with lines that end in a bare newline, as Unix tools expect. The same columns in every
// row:
//
//     path,top1_index,top1_label,top1_probability,top1_logit,top2_index,...,error
//
// A row has either predictions or an error. Labels are empty when the network has none.
#include <fmt/format.h>

#include "runtime/cli/output/report.h"
#include "runtime/cli/output/text_forms.h"

namespace senet::cli {

namespace {

class CsvReport : public Report {
  public:
    CsvReport(OutputFile& out, const std::vector<std::string>& labels, uint32_t top)
        : out_(out), labels_(labels), top_(top) {}

    void begin() override {
        out_.write("path");
        for (uint32_t k = 1; k <= top_; k++) {
            out_.write(fmt::format(",top{0}_index,top{0}_label,top{0}_probability,top{0}_logit", k));
        }
        out_.write(",error\n");
    }

    void row(const Row& row) override {
        out_.write(csv_field(row.path));
        for (uint32_t k = 0; k < top_; k++) {
            if (k >= row.top.size()) {
                out_.write(",,,,");
                continue;
            }
            const Prediction& p = row.top[k];
            const std::string label = p.index < labels_.size() ? csv_field(labels_[p.index]) : "";
            out_.write(fmt::format(",{},{},{:.9g},{}", p.index, label, p.probability, p.logit));
        }
        out_.write(fmt::format(",{}\n", csv_field(row.error)));
    }

  private:
    OutputFile& out_;
    const std::vector<std::string>& labels_;
    const uint32_t top_;
};

}  // namespace

std::unique_ptr<Report> make_csv_report(OutputFile& out, const std::vector<std::string>& labels, uint32_t top) {
    return std::make_unique<CsvReport>(out, labels, top);
}

}  // namespace senet::cli
