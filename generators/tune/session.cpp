#include "generators/tune/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "generators/tune/seeding.h"
#include "models/error.h"
#include "schedules/auto/autoschedulers.h"

namespace senetc::tune {

namespace {

Limits last_limits(const JournalContents& contents) {
    Limits limits = contents.header.limits;
    for (const JournalEvent& event : contents.events) {
        if (event.kind == "limits") limits = event.limits;
    }
    return limits;
}

// Proposals up to the last that is known: those after it are made again anyway.
int proposals_in(const JournalContents& contents) {
    int count = 0;
    for (const JournalRecord& record : contents.records) count = std::max(count, record.n + 1);
    return count;
}

// Before anything is measured or written: whether the table that is there already is for the same machine.
SessionRequest with_right_table(SessionRequest request) {
    const JournalHeader& asked = request.asked;
    joined_table(request.output, {asked.target, asked.cpu, "", asked.threads, {}, ""}, asked, false);
    return request;
}

// A run that was begun has its seeds.
std::vector<JournalContents> journals_to_seed_from(const SessionRequest& request) {
    std::error_code none;
    std::vector<JournalContents> others;
    if (const auto size = std::filesystem::file_size(request.journal, none); !none && size > 0) return others;
    for (const auto& path : request.seed_from) others.push_back(read_journal(path));
    return others;
}

}  // namespace

std::vector<JournalStage> journal_stages(const std::vector<StageTask>& stages, const AlgorithmHash& hash) {
    std::vector<JournalStage> list;
    for (const StageTask& task : stages) {
        const Schedule& hand = task.space.front();
        list.push_back(
            {task.stage, task.variant, task.first_use, task.uses, hand, hash(task.stage, hand, task.variant), {}});
    }
    return list;
}

Session::Session(SessionRequest request, Observer& observer)
    : request_(with_right_table(std::move(request))),
      others_(journals_to_seed_from(request_)),
      journal_(request_.journal) {
    if (journal_.dropped_bytes() > 0)
        observer.note(fmt::format("{}: its last line was torn and is dropped; that candidate is measured again",
                                  request_.journal.string()));
    if (journal_.contents().empty)
        begin();
    else
        resume(observer);
}

void Session::begin() {
    header_ = request_.asked;
    for (size_t i = 0; i < request_.stages.size(); i++)
        header_.stages[i].seeds = seeds_for(request_.stages[i], others_);
    journal_.append(line_of(header_));
}

void Session::resume(Observer& observer) {
    const JournalContents& contents = journal_.contents();
    check_same_run(contents.header, request_.asked, request_.journal.string());
    header_ = contents.header;
    limits_changed_ = last_limits(contents) != request_.asked.limits;
    if (limits_changed_)
        journal_.append(line_of(JournalEvent{"limits", proposals_in(contents), request_.asked.limits, 0}));
    observer.note(fmt::format("{}: goes on after {} candidates", request_.journal.string(), contents.records.size()));
}

// Weights that the table's schedules name lie beside it, as they lie beside the journal.
void Session::copy_weights(const ScheduleTable& table) const {
    const std::filesystem::path from = request_.journal.parent_path();
    const std::filesystem::path to = std::filesystem::path(request_.output).parent_path();
    for (const TableEntry& entry : table.entries) {
        const int weights = is_autoscheduled(entry.schedule) ? cost_model_weights(entry.schedule) : 0;
        if (weights == 0) continue;
        const std::string name = fmt::format("Adams2019-{}.weights", weights);
        std::error_code failed;
        std::filesystem::copy_file(from / name, to / name, std::filesystem::copy_options::skip_existing, failed);
        if (failed && !std::filesystem::exists(to / name))
            throw Error(fmt::format("{}: can't be copied to the table's folder: {}; copy it there",
                                    (from / name).string(), failed.message()));
    }
}

SessionReport Session::run(TunerWorld world, const AlgorithmHash& hash) {
    std::vector<StageTask> stages = request_.stages;
    for (size_t i = 0; i < stages.size(); i++) {
        std::vector<Wish> wishes;
        for (const Schedule& seed : header_.stages[i].seeds) wishes.push_back({seed, "seed"});
        stages[i].wishes.insert(stages[i].wishes.begin(), wishes.begin(), wishes.end());
    }
    Strategy strategy(std::move(stages),
                      {header_.seed, header_.cold, header_.strategy == "exhaustive", header_.limits});
    std::vector<JournalEvent> events = journal_.contents().events;
    if (limits_changed_) events.push_back({"limits", proposals_in(journal_.contents()), request_.asked.limits, 0});
    Tuner tuner(header_, strategy, journal_, std::move(events), std::move(world));
    SessionReport report;
    report.end = tuner.run();
    report.progress = tuner.progress();
    for (size_t i = 0; i < strategy.size(); i++) report.decisions.push_back(strategy.decision(i));
    const bool finished = report.end == TunerEnd::finished;
    report.table = joined_table(request_.output, result_table(strategy, header_, hash), header_, finished);
    write_table(request_.output, report.table);
    copy_weights(report.table);
    return report;
}

}  // namespace senetc::tune
