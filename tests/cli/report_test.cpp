#include <doctest/doctest.h>

#include "runtime/cli/output/report.h"
#include "runtime/cli/output/text_forms.h"
#include "tests/runtime/support/files.h"

using namespace senet::cli;

namespace {

const std::vector<Row> rows = {{"a.png", "", {{1, 0.75, 2.5f}, {0, 0.25, -1.25f}}},
                               {"b \"x\", y\n.png", "the PNG is truncated", {}}};

std::string report(ReportFormat format, const std::vector<std::string>& labels,
                   const std::vector<Row>& written = rows) {
    const senetc::TemporaryFolder folder;
    OutputFile file(folder / "report");
    const auto report = make_report(format, file, labels, 2);
    report->begin();
    for (const Row& row : written) report->row(row);
    report->end();
    file.commit();
    return senetc::read_file(folder / "report");
}

}  // namespace

TEST_CASE("CSV has one row per file with the same columns, quoted as RFC 4180 has it") {
    CHECK(report(ReportFormat::csv, {"cat, tabby", "dog"}) ==
          "path,top1_index,top1_label,top1_probability,top1_logit,top2_index,top2_label,top2_probability,top2_logit,"
          "error\n"
          "a.png,1,dog,0.75,2.5,0,\"cat, tabby\",0.25,-1.25,\n"
          "\"b \"\"x\"\", y\n.png\",,,,,,,,,the PNG is truncated\n");
}

TEST_CASE("CSV without labels leaves their columns empty") {
    CHECK(report(ReportFormat::csv, {}, {rows[0]}).ends_with("\na.png,1,,0.75,2.5,0,,0.25,-1.25,\n"));
}

TEST_CASE("JSON is an array of one object per file") {
    CHECK(report(ReportFormat::json, {"cat", "dog"}) ==
          "[\n"
          "{\"path\": \"a.png\", \"predictions\": [{\"index\": 1, \"label\": \"dog\", \"probability\": 0.75, "
          "\"logit\": 2.5}, "
          "{\"index\": 0, \"label\": \"cat\", \"probability\": 0.25, \"logit\": -1.25}]},\n"
          "{\"path\": \"b \\\"x\\\", y\\n.png\", \"error\": \"the PNG is truncated\"}\n"
          "]\n");
}

TEST_CASE("a name that is no UTF-8 still gives valid JSON") {
    CHECK(json_string("a\xff.png") == "\"a\xef\xbf\xbd.png\"");
}

TEST_CASE("text aligns its columns and keeps control characters from the terminal") {
    CHECK(report(ReportFormat::text, {"cat", "d\xc3\xb6g"}) ==
          "a.png\n"
          "   1  d\xc3\xb6g   75.00 %   logit 2.5\n"
          "   2  cat   25.00 %   logit -1.25\n"
          "b \"x\", y?.png\n"
          "   error: the PNG is truncated\n");
    CHECK(report(ReportFormat::text, {}, {rows[0]}).find("class 1   75.00 %") != std::string::npos);
}

TEST_CASE("the file's name tells the format") {
    CHECK(report_format_of("x.csv") == ReportFormat::csv);
    CHECK(report_format_of("x.y.json") == ReportFormat::json);
    CHECK(!report_format_of("x.txt"));
}
