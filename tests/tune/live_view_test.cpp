// What a tuning run's live view leaves on a terminal: told by a small terminal that understands what it writes.
#include "generators/tune/live_view.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

using namespace senetc;
using namespace senetc::tune;

namespace {

// Rows of text, a cursor, and the three sequences that the view uses. A narrower window breaks the rows that are too
// long, as terminals do that reflow.
class Screen {
  public:
    explicit Screen(int columns) : columns_(columns) {}
    int columns() const { return columns_; }

    void resize(int columns) {
        columns_ = columns;
        std::vector<std::string> broken;
        for (std::string row : rows_) {
            for (; int(row.size()) > columns; row = row.substr(size_t(columns)))
                broken.push_back(row.substr(0, size_t(columns)));
            broken.push_back(row);
        }
        rows_ = broken;
    }

    void write(const std::string& text) {
        for (size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n')
                rows_.emplace_back();
            else if (text[i] == '\033')
                i = control(text, i + 2);
            else if (text[i] != '\r')
                rows_.back() += text[i];
            CHECK(int(rows_.back().size()) <= columns_);
        }
    }

    const std::vector<std::string>& rows() const { return rows_; }
    std::string text() const {
        std::string all;
        for (const std::string& row : rows_) all += row + "\n";
        return all;
    }

  private:
    // "[5A": up, which forgets what is below, since "[J" always follows. Returns the index of its last letter.
    size_t control(const std::string& text, size_t at) {
        size_t count = 0;
        for (; std::isdigit(text.at(at)); ++at) count = count * 10 + size_t(text[at] - '0');
        if (text[at] == 'A') {
            REQUIRE(rows_.back().empty());
            REQUIRE(count < rows_.size());
            rows_.resize(rows_.size() - count);
            CHECK(text.substr(at + 1, 3) == "\033[J");
            rows_.back().clear();
        }
        return at;
    }

    int columns_;
    std::vector<std::string> rows_ = {""};
};

Progress progress(double elapsed, double best_us, const std::string& algorithm = "direct") {
    Progress p;
    p.stage = parse_stage(
        "conv act=relu ci=64 co=64 gate=0 in_h=56 in_halo=1 in_w=56 kernel_h=3 kernel_w=3 layout=blocked out_halo=0 "
        "pad=1 res_halo=0 residual=0 store=1 stride=1 sums=0");
    p.variant = "avx512";
    p.first_use = "layer1.0.conv2";
    p.uses = 3;
    p.hand_us = 1200;
    p.best_us = best_us;
    p.best.algorithm = algorithm;
    p.phase = "search";
    p.elapsed = elapsed;
    p.budget = 7200;
    p.candidates = 12;
    p.outcomes = {{Outcome::ok, 9}, {Outcome::refused, 2}, {Outcome::wrong, 1}};
    p.network_hand_us = 30000;
    p.network_us = 28500;
    return p;
}

LiveView view_on(Screen& screen) {
    LiveOptions options;
    options.fma_peak = 231.211008 / 1.2;  // GFLOP/s: the stage's 231.2 MFLOP in 1200 us
    options.seconds = 0;
    options.write = [&screen](const std::string& text) { screen.write(text); };
    options.columns = [&screen] { return screen.columns(); };
    return LiveView(options);
}

void measure(LiveView& view, const Progress& now, bool improved = false) {
    Measurement measurement;
    measurement.seconds = 2;
    view.measured({now.stage, now.variant, now.best}, measurement, improved, now);
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("on a wide terminal the view says what is searched, what it won, and what is left") {
    Screen screen(120);
    LiveView view = view_on(screen);
    measure(view, progress(1802, 1000));
    const std::string text = screen.text();
    for (const char* part :
         {"search   layer1.0.conv2, 3 uses, avx512", "best     1000.0 us, hand 1200.0 us, -16.7 %, direct",
          "120 % of FMA peak", "network  30.000 -> 28.500 ms, -5.0 %",
          "time     0:30:02 of 2:00:00, 1:29:58 left, 30 a minute", "tried    12: 9 ok, 2 refused, 1 wrong"})
        CHECK_MESSAGE(has(text, part), std::string(part), " in\n", text);
    CHECK_FALSE(has(text, "as if direct"));
}

TEST_CASE("Winograd's share of the peak says how it counts") {
    Screen screen(120);
    LiveView view = view_on(screen);
    measure(view, progress(10, 600, "winograd"));
    CHECK(has(screen.text(), "200 % of FMA peak (as if direct)"));
}

TEST_CASE("a stage that nothing was measured of yet has no best") {
    Screen screen(80);
    LiveView view = view_on(screen);
    Progress now = progress(1, 0);
    now.hand_us = now.network_hand_us = now.network_us = 0;
    view.tick(now);
    CHECK(has(screen.text(), "best     none yet"));
    CHECK_FALSE(has(screen.text(), "nan"));
    CHECK_FALSE(has(screen.text(), "inf"));
}

TEST_CASE("lines are rewritten in place and never wider than the terminal") {
    for (const int columns : {80, 40, 12, 1}) {
        Screen screen(columns);
        LiveView view = view_on(screen);
        for (int i = 0; i < 5; ++i) measure(view, progress(60 + i, 1100 - i), i % 2 == 0);
        CHECK(screen.rows().size() == 6);  // five, and the cursor's
        CHECK(screen.rows().back().empty());
    }
}

TEST_CASE("a window made narrower, then wider, leaves nothing of older lines behind") {
    Screen screen(100);
    screen.write("$ senetc tune se_resnet50\n");
    LiveView view = view_on(screen);
    measure(view, progress(60, 1100));
    for (const int columns : {40, 33, 120}) {
        screen.resize(columns);
        measure(view, progress(61, 1090));
        CHECK(screen.rows().size() == 7);
        CHECK(screen.rows().front() == "$ senetc tune se_resnet50");
    }
}

TEST_CASE("a note stays above the lines") {
    Screen screen(80);
    LiveView view = view_on(screen);
    measure(view, progress(60, 1100));
    view.note("layer4.0.conv1: an entry of se_resnet18.journal fits");
    view.tick(progress(61, 1100));
    CHECK(screen.rows().front() == "layer4.0.conv1: an entry of se_resnet18.journal fits");
    CHECK(screen.rows().size() == 7);
}

TEST_CASE("without a terminal there is one plain line for each improvement, and for each note") {
    std::string text;
    LiveOptions options;
    options.write = [&](const std::string& part) { text += part; };
    options.columns = [] { return 0; };
    LiveView view(options);
    measure(view, progress(60, 1100), true);
    measure(view, progress(61, 1100), false);
    view.tick(progress(62, 1100));
    view.note("a word");
    measure(view, progress(63, 1000), true);
    CHECK(std::count(text.begin(), text.end(), '\n') == 3);
    CHECK(text.find('\033') == std::string::npos);
    CHECK(has(text,
              "0:01:00 layer1.0.conv2 (avx512): 1100.0 us, hand 1200.0 us, -8.3 %; network 30.000 -> 28.500 ms; "
              "direct\n"));
}
