#include "generators/tune/tuning_stages.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "generators/compiler/lower.h"
#include "generators/compiler/targets.h"
#include "generators/tune/retrain.h"
#include "models/error.h"
#include "schedules/auto/autoschedulers.h"

namespace senetc::tune {

namespace {

constexpr int kAdamsDraws = 8;  // of a stage before its cost model is trained: less teaches it nothing

Lowered lowered_by_hand(const Graph& graph, const std::string& variant) {
    return lower(graph, choose_from(hand_source(), variant));
}

void add_autoscheduled(StageTask& task, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        std::vector<Schedule> schedules{autoscheduled(task.stage, task.variant, {name, {}})};
        if (name == "Adams2019") schedules = adams_samples(task.stage, task.variant, 0, kAdamsDraws, 0);
        for (Schedule& schedule : schedules) task.wishes.push_back({std::move(schedule), "auto"});
    }
}

// Distinct stages of a variant, with all of their steps' names.
class Collection {
  public:
    Collection(const TuningRequest& request, const std::string& variant) : request_(request), variant_(variant) {}

    void add(const LoweredStep& step) {
        const auto [place, is_new] = places_.emplace(to_string(step.stage), tasks_.size());
        if (is_new) {
            tasks_.push_back({step.stage, variant_, step.name, 0, {}, {}});
            names_.emplace_back();
        }
        tasks_[place->second].uses++;
        names_[place->second].push_back(step.name);
    }

    // Those that are asked for. `matched`: patterns that fit a stage.
    std::vector<StageTask> chosen(std::set<std::string>& matched) {
        std::vector<StageTask> list;
        for (size_t i = 0; i < tasks_.size(); i++) {
            if (!is_wanted(i, matched)) continue;
            StageTask& task = tasks_[i];
            const VariantInfo& variant = find_variant(variant_);
            task.space = schedule_space(task.stage, variant, request_.space);
            for (Schedule& schedule : usual_schedules(task.stage, variant))
                task.wishes.push_back({std::move(schedule), "usual"});
            add_autoscheduled(task, request_.autoschedulers);
            list.push_back(std::move(task));
        }
        return list;
    }

  private:
    bool is_wanted(size_t index, std::set<std::string>& matched) const {
        bool wanted = request_.only.empty();
        for (const std::string& pattern : request_.only) {
            bool found = to_string(tasks_[index].stage).find(pattern) != std::string::npos;
            for (const std::string& name : names_[index]) found |= name.find(pattern) != std::string::npos;
            if (found) matched.insert(pattern);
            wanted |= found;
        }
        return wanted;
    }

    const TuningRequest& request_;
    std::string variant_;
    std::map<std::string, size_t> places_;
    std::vector<StageTask> tasks_;
    std::vector<std::vector<std::string>> names_;
};

}  // namespace

std::vector<StageTask> tuning_stages(const Graph& graph, const TuningRequest& request) {
    std::vector<StageTask> all;
    std::set<std::string> matched;
    for (const std::string& variant : request.variants) {
        const Lowered lowered = lowered_by_hand(graph, variant);
        Collection stages(request, variant);
        stages.add(lowered.ingest_f32);
        stages.add(lowered.ingest_u8);
        for (const LoweredStep& step : lowered.steps) stages.add(step);
        for (StageTask& task : stages.chosen(matched)) all.push_back(std::move(task));
    }
    for (const std::string& pattern : request.only) {
        if (matched.count(pattern) == 0)
            throw Error(
                fmt::format("--stages {}: no stage of this network, and no step's name, contains that; senetc "
                            "inspect shows them",
                            pattern));
    }
    return all;
}

int64_t weight_bytes(const Graph& graph, const std::string& variant) {
    int64_t bytes = 0;
    for (const LoweredStep& step : lowered_by_hand(graph, variant).steps) {
        for (const Argument& argument : arguments(step.stage, step.schedule)) {
            if (argument.role == Role::parameter) bytes += argument.storage_elements * argument.type_bits / 8;
        }
    }
    return bytes;
}

}  // namespace senetc::tune
