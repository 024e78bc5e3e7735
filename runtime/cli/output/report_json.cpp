// A JSON array of objects, one per file and line:
//
//     {"path": "cat.jpg", "predictions": [{"index": 3, "label": "cat", "probability": 0.98, "logit": 9.5}]}
//     {"path": "torn.jpg", "error": "the JPEG is truncated"}
//
// Written piece by piece, so that it needs no memory for the whole. Bytes of a path that are no UTF-8 become U+FFFD.
#include <fmt/format.h>

#include "runtime/cli/output/report.h"
#include "runtime/cli/output/text_forms.h"

namespace senet::cli {

namespace {

class JsonReport : public Report {
  public:
    JsonReport(OutputFile& out, const std::vector<std::string>& labels) : out_(out), labels_(labels) {}

    void begin() override { out_.write("["); }

    void row(const Row& row) override {
        out_.write(first_ ? "\n" : ",\n");
        first_ = false;
        out_.write(fmt::format("{{\"path\": {}, ", json_string(row.path)));
        if (!row.error.empty()) {
            out_.write(fmt::format("\"error\": {}}}", json_string(row.error)));
            return;
        }
        out_.write("\"predictions\": [");
        for (size_t k = 0; k < row.top.size(); k++) write_prediction(row.top[k], k > 0);
        out_.write("]}");
    }

    void end() override { out_.write("\n]\n"); }

  private:
    void write_prediction(const Prediction& p, bool comma) {
        const std::string label =
            p.index < labels_.size() ? fmt::format("\"label\": {}, ", json_string(labels_[p.index])) : "";
        out_.write(fmt::format("{}{{\"index\": {}, {}\"probability\": {:.9g}, \"logit\": {}}}", comma ? ", " : "",
                               p.index, label, p.probability, p.logit));
    }

    OutputFile& out_;
    const std::vector<std::string>& labels_;
    bool first_ = true;
};

}  // namespace

std::unique_ptr<Report> make_json_report(OutputFile& out, const std::vector<std::string>& labels) {
    return std::make_unique<JsonReport>(out, labels);
}

}  // namespace senet::cli
