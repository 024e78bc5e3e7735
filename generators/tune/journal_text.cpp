// Journals as text.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "generators/system/whole_file.h"
#include "generators/tune/journal.h"
#include "models/error.h"

namespace senetc::tune {

using Json = nlohmann::json;

namespace {

constexpr int kVersion = 1;

// A compiler's words may be in any encoding.
std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json json_of(const Times& times) {
    return {{"warm_us", times.warm}, {"cold_us", times.cold}};
}

Times parse_times(const Json& json) {
    return {json.at("warm_us"), json.at("cold_us")};
}

Json json_of(const Peaks& peaks) {
    return {{"fma_gflops", peaks.fma_gflops}, {"l2_gbps", peaks.l2_gbps}, {"memory_gbps", peaks.memory_gbps}};
}

Json json_of(const JournalStage& stage) {
    Json seeds = Json::array();
    for (const Schedule& seed : stage.seeds) seeds.push_back(to_string(seed));
    return {{"stage", to_string(stage.stage)},
            {"variant", stage.variant},
            {"first_use", stage.first_use},
            {"uses", stage.uses},
            {"hand", to_string(stage.hand)},
            {"algorithm", stage.algorithm_hash},
            {"seeds", seeds}};
}

JournalStage parse_journal_stage(const Json& json) {
    JournalStage stage{parse_stage(json.at("stage")),
                       json.at("variant"),
                       json.at("first_use"),
                       json.at("uses"),
                       parse_schedule(json.at("hand")),
                       json.at("algorithm"),
                       {}};
    for (const Json& seed : json.at("seeds")) stage.seeds.push_back(parse_schedule(seed));
    return stage;
}

JournalHeader parse_header(const Json& json) {
    const int version = json.at("senetc_journal");
    if (version != kVersion)
        throw Error(fmt::format("this journal is of version {}, and this senetc reads version {}", version, kVersion));
    JournalHeader h;
    h.senetc = json.at("senetc"), h.network = json.at("network"), h.network_hash = json.at("network_hash");
    h.target = json.at("target"), h.cpu = json.at("cpu"), h.machine = json.at("machine");
    h.variants = json.at("variants").get<std::vector<std::string>>();
    h.threads = json.at("threads"), h.batch = json.at("batch"), h.cold = json.at("cold");
    h.strategy = json.at("strategy"), h.seed = json.at("seed"), h.window = json.at("window");
    h.only = json.at("only").get<std::vector<std::string>>();
    h.autoschedulers = json.at("autoschedulers").get<std::vector<std::string>>();
    h.limits = {json.at("seconds"), json.at("trials")};
    const Json& peaks = json.at("peaks");
    h.peaks = {peaks.at("fma_gflops"), peaks.at("l2_gbps"), peaks.at("memory_gbps")};
    for (const Json& stage : json.at("stages")) h.stages.push_back(parse_journal_stage(stage));
    return h;
}

JournalRecord parse_record(const Json& json, const JournalContents& before) {
    JournalRecord r;
    r.n = json.at("n"), r.stage = json.at("stage"), r.effort = json.at("effort"), r.origin = json.at("origin");
    if (r.stage < 0 || size_t(r.stage) >= before.header.stages.size())
        throw Error(fmt::format("stage {} of {}", r.stage, before.header.stages.size()));
    r.schedule = parse_schedule(json.at("schedule"));
    Measurement& m = r.measurement;
    m.outcome = parse_outcome(json.at("outcome")), m.message = json.at("message"), m.error = json.at("error");
    m.candidate = parse_times(json.at("candidate")), m.incumbent = parse_times(json.at("incumbent"));
    m.seconds = json.at("seconds"), m.stopped_early = json.at("stopped_early");
    r.at = json.at("at");
    for (const JournalRecord& other : before.records) {
        if (other.n == r.n) throw Error(fmt::format("candidate {} is there twice", r.n));
    }
    return r;
}

JournalEvent parse_event(const Json& json) {
    JournalEvent event{json.at("event"), json.at("after"), {}, 0};
    if (event.kind == "limits")
        event.limits = {json.at("seconds"), json.at("trials")};
    else if (event.kind == "weights")
        event.weights = json.at("weights");
    else
        throw Error(fmt::format("there is no event '{}'", event.kind));
    return event;
}

void parse_line(std::string_view line, JournalContents& contents) {
    const Json json = Json::parse(line);
    if (contents.empty) {
        if (!json.contains("senetc_journal")) throw Error("its first line should say senetc_journal");
        contents.header = parse_header(json);
        contents.empty = false;
    } else if (json.contains("event")) {
        contents.events.push_back(parse_event(json));
    } else {
        contents.records.push_back(parse_record(json, contents));
    }
}

}  // namespace

std::string line_of(const JournalHeader& h) {
    Json stages = Json::array();
    for (const JournalStage& stage : h.stages) stages.push_back(json_of(stage));
    return dump({{"senetc_journal", kVersion},
                 {"senetc", h.senetc},
                 {"network", h.network},
                 {"network_hash", h.network_hash},
                 {"target", h.target},
                 {"cpu", h.cpu},
                 {"machine", h.machine},
                 {"variants", h.variants},
                 {"threads", h.threads},
                 {"batch", h.batch},
                 {"cold", h.cold},
                 {"strategy", h.strategy},
                 {"seed", h.seed},
                 {"window", h.window},
                 {"only", h.only},
                 {"autoschedulers", h.autoschedulers},
                 {"seconds", h.limits.seconds},
                 {"trials", h.limits.trials},
                 {"peaks", json_of(h.peaks)},
                 {"stages", stages}});
}

std::string line_of(const JournalRecord& r) {
    const Measurement& m = r.measurement;
    return dump({{"n", r.n},
                 {"stage", r.stage},
                 {"schedule", to_string(r.schedule)},
                 {"effort", r.effort},
                 {"origin", r.origin},
                 {"outcome", to_string(m.outcome)},
                 {"message", m.message},
                 {"candidate", json_of(m.candidate)},
                 {"incumbent", json_of(m.incumbent)},
                 {"error", m.error},
                 {"seconds", m.seconds},
                 {"stopped_early", m.stopped_early},
                 {"at", r.at}});
}

std::string line_of(const JournalEvent& event) {
    Json json{{"event", event.kind}, {"after", event.after}};
    if (event.kind == "limits")
        json.update({{"seconds", event.limits.seconds}, {"trials", event.limits.trials}});
    else
        json["weights"] = event.weights;
    return dump(json);
}

JournalContents parse_journal(std::string_view text, const std::string& file, size_t* torn) {
    JournalContents contents;
    int number = 0;
    while (!text.empty()) {
        const size_t end = text.find('\n');
        if (end == std::string_view::npos) break;
        number++;
        const auto damaged = [&](const std::string& why) {
            return Error(
                fmt::format("{}:{}: no line of a journal: {}; begin another journal (--journal), or cut this one "
                            "before that line",
                            file, number, why));
        };
        try {
            parse_line(text.substr(0, end), contents);
        } catch (const Json::exception& error) {
            throw damaged(error.what());
        } catch (const Error& error) {
            throw damaged(error.what());
        }
        text.remove_prefix(end + 1);
    }
    if (torn != nullptr) *torn = text.size();
    return contents;
}

JournalContents read_journal(const std::filesystem::path& path) {
    const std::optional<std::string> text = read_whole(path);
    if (!text) throw Error(fmt::format("{}: can't be read", path.string()));
    JournalContents contents = parse_journal(*text, path.string());
    if (contents.empty)
        throw Error(fmt::format("{}: is empty; a journal is what senetc tune writes (--journal)", path.string()));
    return contents;
}

}  // namespace senetc::tune
