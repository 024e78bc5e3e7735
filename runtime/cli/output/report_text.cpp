// Lines for people:
//
//     photos/meerkat.jpg
//        1  meerkat    97.31 %   logit 14.20
//        2  mongoose    1.88 %   logit 10.26
//     photos/torn.jpg
//        error: the JPEG is truncated
#include <fmt/format.h>

#include <algorithm>

#include "runtime/cli/output/report.h"
#include "runtime/cli/output/text_forms.h"

namespace senet::cli {

namespace {

class TextReport : public Report {
  public:
    TextReport(OutputFile& out, const std::vector<std::string>& labels) : out_(out), labels_(labels) {}

    void row(const Row& row) override {
        out_.write(printable(row.path) + "\n");
        if (!row.error.empty()) out_.write(fmt::format("   error: {}\n", printable(row.error)));
        size_t width = 0;
        for (const Prediction& p : row.top) width = std::max(width, columns(name(p)));
        for (size_t k = 0; k < row.top.size(); k++) {
            const Prediction& p = row.top[k];
            const std::string padding(width - columns(name(p)), ' ');
            out_.write(fmt::format("{:4}  {}{}  {:6.2f} %   logit {:.4g}\n", k + 1, name(p), padding,
                                   100 * p.probability, p.logit));
        }
    }

  private:
    std::string name(const Prediction& p) const {
        return p.index < labels_.size() ? printable(labels_[p.index]) : fmt::format("class {}", p.index);
    }

    OutputFile& out_;
    const std::vector<std::string>& labels_;
};

}  // namespace

std::unique_ptr<Report> make_text_report(OutputFile& out, const std::vector<std::string>& labels) {
    return std::make_unique<TextReport>(out, labels);
}

}  // namespace senet::cli
