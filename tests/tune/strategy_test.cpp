#include "generators/tune/strategy.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "generators/tune/seeding.h"
#include "tests/tune/fakes.h"

using namespace senetc;
using namespace senetc::tune;
using namespace senetc::test;

namespace {

using Result = std::function<Measurement(const Candidate&, const Schedule& hand)>;

// Runs a strategy to its end, one candidate after the other. Returns the proposals.
std::vector<Proposal> play(Strategy& strategy, const Result& result = fake_measurement) {
    std::vector<Proposal> all;
    double now = strategy.at();
    while (true) {
        const std::optional<Proposal> proposal = strategy.propose();
        if (!proposal) return all;
        const StageSearch& stage = strategy.stage(proposal->stage);
        const Candidate candidate{stage.task().stage, stage.task().variant, proposal->schedule, proposal->effort};
        const Measurement m = result(candidate, stage.hand());
        now += m.seconds;
        strategy.tell(*proposal, m, now);
        all.push_back(*proposal);
    }
}

std::vector<std::string> texts(const std::vector<Proposal>& proposals) {
    std::vector<std::string> list;
    for (const Proposal& p : proposals)
        list.push_back(fmt::format("{} {} {} {}", p.stage, to_string(p.schedule), p.effort, p.origin));
    return list;
}

StrategyOptions options(int trials, unsigned seed = 1) {
    StrategyOptions options;
    options.seed = seed;
    options.limits.trials = trials;
    return options;
}

int count_of(const std::vector<Proposal>& proposals, size_t stage, const std::string& origin = "") {
    return int(std::count_if(proposals.begin(), proposals.end(), [&](const Proposal& p) {
        return p.stage == stage && p.origin != "final" && (origin.empty() || p.origin == origin);
    }));
}

}  // namespace

TEST_CASE("the same seed and times give the same candidates; another seed gives others") {
    const auto run = [](unsigned seed) {
        Strategy strategy(small_network(), options(80, seed));
        return texts(play(strategy));
    };
    CHECK(run(1) == run(1));
    CHECK(run(1) != run(2));
}

TEST_CASE("hand's schedules come first, one a stage, and no schedule is searched twice") {
    Strategy strategy(small_network(), options(120));
    const std::vector<Proposal> all = play(strategy);
    for (size_t i = 0; i < 3; i++) {
        CHECK(all[i].stage == i);
        CHECK(all[i].schedule == strategy.stage(i).hand());
        CHECK(all[i].origin == "hand");
    }
    std::set<std::string> seen;
    for (const Proposal& p : all) {
        if (p.origin != "final") CHECK(seen.insert(fmt::format("{} {}", p.stage, to_string(p.schedule))).second);
    }
    CHECK(strategy.trials() == 120);
    CHECK(seen.size() == 123);
}

TEST_CASE("every family of schedules gets three trials, or two where those are slow") {
    Strategy strategy({task(conv_stage("ci=16 co=16 in_h=24 in_w=24"), 1)}, options(20));
    std::map<std::string, int> tries;
    for (const Proposal& p : play(strategy)) tries[family(p.schedule)] += p.origin != "final";
    CHECK(tries.size() == 4);
    for (const auto& [name, count] : tries) CHECK_MESSAGE(count >= 2, name);
}

TEST_CASE("after that most trials are neighbours of the best, and some are random") {
    Strategy strategy({task(conv_stage("ci=64 co=64 in_h=56 in_w=56"), 1)}, options(112));
    const std::vector<Proposal> all = play(strategy);
    const int near = count_of(all, 0, "neighbour"), random = count_of(all, 0, "random");
    CHECK(near + random == 112);
    CHECK(near > 50);
    CHECK(random > 20);
}

TEST_CASE("a stage is searched by its share of the network's time") {
    const std::string map = " in_h=24 in_w=24";
    Strategy strategy({task(conv_stage("ci=16 co=16" + map), 6), task(conv_stage("ci=16 co=32" + map), 2),
                       task(conv_stage("ci=32 co=32" + map), 1)},
                      options(100));
    const auto flat = [](const Candidate& candidate, const Schedule& hand) {  // nothing is better than hand
        Measurement m;
        m.seconds = 1;
        const double us = candidate.stage.number("co") == 16 ? 50 : candidate.stage.number("ci") == 16 ? 30 : 20;
        m.incumbent = {us, us};
        m.candidate = candidate.schedule == hand ? m.incumbent : Times{us * 1.1, us * 1.1};
        return m;
    };
    const std::vector<Proposal> all = play(strategy, flat);
    CHECK(strategy.share(0) == doctest::Approx(300.0 / 380));  // 6 x 50, 2 x 30, 20
    CHECK(strategy.share(1) == doctest::Approx(60.0 / 380));
    CHECK(count_of(all, 0) > 3 * count_of(all, 1));
    CHECK(count_of(all, 1) > 2 * count_of(all, 2));
    CHECK(count_of(all, 2) > 1);
}

TEST_CASE("a stage that gets better is searched for longer") {
    const auto trials_of_second = [](double step) {
        Strategy strategy(
            {task(conv_stage("ci=32 co=64 in_h=16 in_w=16"), 1), task(conv_stage("ci=64 co=64 in_h=16 in_w=16"), 1)},
            options(100));
        double ratio = 1;
        const std::vector<Proposal> all = play(strategy, [&](const Candidate& candidate, const Schedule& hand) {
            Measurement m;
            m.incumbent = m.candidate = {100, 100};
            if (candidate.schedule == hand) return m;
            if (candidate.stage.number("ci") == 64) ratio *= step;
            const double us = candidate.stage.number("ci") == 64 ? 100 * ratio : 101;
            m.candidate = {us, us};
            return m;
        });
        return count_of(all, 1);
    };
    CHECK(trials_of_second(0.99) > 1.5 * trials_of_second(1.01));
}

TEST_CASE("a family that is far slower than the best is drawn no more") {
    Strategy strategy({task(conv_stage("ci=64 co=64 in_h=56 in_w=56"), 1)}, options(100));
    const std::vector<Proposal> all = play(strategy, [](const Candidate& candidate, const Schedule&) {
        Measurement m;
        m.incumbent = {100, 100};
        const double us = family(candidate.schedule) == "direct" ? 200 : 100;
        m.candidate = {us, us};
        m.stopped_early = us > 150;
        return m;
    });
    const int direct =
        int(std::count_if(all.begin(), all.end(), [](const Proposal& p) { return family(p.schedule) == "direct"; }));
    CHECK(direct == 2);
}

TEST_CASE("an exhaustive search measures the whole space of every stage, once") {
    StrategyOptions all_of_it;
    all_of_it.exhaustive = true;
    Strategy strategy(small_network(), all_of_it);
    std::vector<std::set<Schedule>> seen(3);
    for (const Proposal& p : play(strategy))
        if (p.origin != "final") CHECK(seen[p.stage].insert(p.schedule).second);
    for (size_t i = 0; i < 3; i++) {
        const auto& space = strategy.stage(i).task().space;
        CHECK(seen[i] == std::set<Schedule>(space.begin(), space.end()));
    }
}

TEST_CASE("a search whose space is used up ends, whatever its limits") {
    Strategy strategy({task(conv_stage("ci=32 co=32 in_h=8 in_w=8"), 1)}, options(100000));
    const std::vector<Proposal> all = play(strategy);
    CHECK(size_t(count_of(all, 0)) == strategy.stage(0).task().space.size());
}

TEST_CASE("time is kept for the playoff") {
    StrategyOptions limited;
    limited.limits.seconds = 120;
    Strategy strategy(small_network(), limited);
    const std::vector<Proposal> all = play(strategy);
    CHECK(strategy.phase() == Phase::done);
    CHECK(all.back().origin == "final");
    CHECK(strategy.at() > 90);
    CHECK(strategy.at() < 130);
}

TEST_CASE("a run that is over goes on where there is more time, and ends as one that had that time at once") {
    Strategy strategy(small_network(), options(40)), longer(small_network(), options(90));
    play(strategy);
    CHECK(strategy.phase() == Phase::done);
    strategy.set_limits({0, 90});
    CHECK(strategy.phase() == Phase::search);
    play(strategy);
    play(longer);
    CHECK(strategy.trials() == 90);
    for (size_t i = 0; i < 3; i++) CHECK(strategy.decision(i).schedule == longer.decision(i).schedule);
}

TEST_CASE("only what is faster than hand beyond noise in both of its finals is taken") {
    struct Case {
        double search, first, second, hand;  // ratios
        bool taken;
    };
    const Case cases[] = {
        {0.80, 0.80, 0.80, 1.00, true},   {0.80, 1.00, 0.80, 1.00, false},  {0.80, 0.80, 1.00, 1.00, false},
        {0.98, 0.985, 0.985, 1.00, true}, {0.98, 0.995, 0.98, 1.00, false}, {0.90, 0.90, 0.90, 0.88, false},
        {0.90, 0.90, 0.90, 1.12, false},  {0.999, 0.5, 0.5, 1.00, false},  // not worth a final
    };
    for (const Case& c : cases) {
        Strategy strategy({task(conv_stage("ci=32 co=32 in_h=8 in_w=8"), 1)}, options(1));
        int finals = 0;
        play(strategy, [&](const Candidate& candidate, const Schedule& hand) {
            double ratio = candidate.effort > 1 ? c.hand : 1;
            if (candidate.schedule != hand)
                ratio = candidate.effort == 1 ? c.search : finals++ == 0 ? c.first : c.second;
            Measurement m;
            m.incumbent = {100, 100};
            m.candidate = {100 * ratio, 100 * ratio};
            return m;
        });
        INFO(c.search, " ", c.first, " ", c.second, " ", c.hand);
        CHECK(strategy.phase() == Phase::done);
        CHECK(strategy.decision(0).better == c.taken);
        CHECK((strategy.decision(0).schedule != strategy.stage(0).hand()) == c.taken);
        if (c.taken) CHECK(strategy.decision(0).us == doctest::Approx(100 * std::max(c.first, c.second)));
    }
}

TEST_CASE("what is wrong, crashes, or was stopped early is never taken") {
    for (const Outcome outcome : {Outcome::refused, Outcome::compile_crash, Outcome::compile_timeout, Outcome::wrong,
                                  Outcome::crash, Outcome::timeout, Outcome::ok}) {
        Strategy strategy({task(conv_stage("ci=32 co=32 in_h=8 in_w=8"), 1)}, options(10));
        play(strategy, [&](const Candidate& candidate, const Schedule& hand) {
            Measurement m;
            m.incumbent = {100, 100}, m.candidate = {10, 10};
            if (candidate.schedule == hand)
                m.candidate = m.incumbent;
            else
                m.outcome = outcome, m.stopped_early = outcome == Outcome::ok;
            return m;
        });
        CHECK(!strategy.decision(0).better);
    }
}

TEST_CASE("a measurement that got lost is made again, at most once") {
    Strategy strategy({task(conv_stage("ci=32 co=32 in_h=8 in_w=8"), 1)}, options(100000));
    std::map<Schedule, int> tries;
    play(strategy, [&](const Candidate& candidate, const Schedule& hand) {
        Measurement m;
        m.incumbent = m.candidate = {100, 100};
        if (candidate.schedule != hand) m.outcome = Outcome::lost, tries[candidate.schedule]++;
        return m;
    });
    CHECK(tries.size() == strategy.stage(0).task().space.size() - 1);
    for (const auto& [schedule, count] : tries) CHECK(count == 2);
}

TEST_CASE("a stage whose hand schedule gives no time is left alone") {
    Strategy strategy(small_network(), options(50));
    const std::vector<Proposal> all = play(strategy, [](const Candidate& candidate, const Schedule& hand) {
        Measurement m = fake_measurement(candidate, hand);
        if (candidate.stage.number("co") == 16) m.outcome = Outcome::crash;
        return m;
    });
    CHECK(count_of(all, 0) == 1);
    CHECK(!strategy.decision(0).better);
}

TEST_CASE("which times count is the run's choice") {
    for (const bool cold : {false, true}) {
        StrategyOptions limited = options(5);
        limited.cold = cold;
        Strategy strategy({task(conv_stage("ci=32 co=32 in_h=8 in_w=8"), 1)}, limited);
        play(strategy, [](const Candidate& candidate, const Schedule& hand) {
            Measurement m;
            m.incumbent = {100, 200}, m.candidate = {50, 300};
            if (candidate.schedule == hand) m.candidate = m.incumbent;
            return m;
        });
        CHECK(strategy.decision(0).better == !cold);
    }
}

TEST_CASE("wishes are tried first, in their order, also those that are in no space") {
    StageTask wished = task(conv_stage("ci=32 co=32 in_h=8 in_w=8"), 1);
    const Schedule other = parse_schedule("Adams2019 parallelism=1"), known = wished.space[5];
    wished.wishes = {{other, "auto"}, {known, "seed"}, {wished.space[0], "usual"}, {known, "usual"}};
    Strategy strategy({wished}, options(3));
    const std::vector<Proposal> all = play(strategy);
    CHECK(all[1].schedule == other);
    CHECK(all[1].origin == "auto");
    CHECK(all[2].schedule == known);
    CHECK(all[2].origin == "seed");
    CHECK(all[3].origin == "random");
}

TEST_CASE("another journal's best schedules of the same stage are seeds, then those of stages like it") {
    const std::vector<StageTask> stages = small_network();
    const StageTask like = task(conv_stage("ci=32 co=32 in_h=14 in_w=14"), 1);
    JournalContents journal;
    journal.header.stages = {
        {stages[2].stage, "avx512", "", 1, stages[2].space[0], "", {}},
        {like.stage, "avx512", "", 1, like.space[0], "", {}},
        {parse_stage("excite ch=16 hidden=1 out=16 segments=1"), "avx512", "", 1, {"direct", {}}, "", {}}};
    const auto add = [&](int stage, const Schedule& schedule, double us) {
        JournalRecord record{int(journal.records.size()), stage, schedule, 1, "random", {}, 0};
        record.measurement.candidate = {us, us}, record.measurement.incumbent = {100, 100};
        journal.records.push_back(record);
    };
    add(0, stages[2].space[3], 90);
    add(0, stages[2].space[4], 80);
    add(0, stages[2].space[6], 120);  // slower than hand
    add(1, like.space[2], 50);
    add(2, {"direct", {{"parallel", 0}}}, 10);
    const std::vector<Schedule> seeds = seeds_for(stages[2], {journal});
    REQUIRE(seeds.size() == 3);
    CHECK(seeds[0] == stages[2].space[4]);
    CHECK(seeds[1] == stages[2].space[3]);
    CHECK(std::count(stages[2].space.begin(), stages[2].space.end(), seeds[2]) == 1);
    CHECK(family(seeds[2]) == family(like.space[2]));
    CHECK(seeds_for(task(stages[2].stage, 1, "avx2"), {journal}).empty());
}
