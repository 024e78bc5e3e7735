#include "tests/stages/check_stages.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include "generators/compiler/pack_weights.h"
#include "schedules/hand/choose.h"
#include "schedules/hand/map_loops.h"
#include "schedules/schedules.h"
#include "tests/stages/logical.h"
#include "tests/stages/storage.h"

namespace senetc::test {

namespace {

constexpr int kImages = 3;

const std::map<std::string, std::string>& plainest() {
    static const std::map<std::string, std::string> text = {
        {"conv",
         "conv kernel_h=1 kernel_w=1 stride=1 pad=0 in_halo=0 out_halo=0 layout=blocked act=none residual=0 "
         "res_halo=0 gate=0 sums=0 store=1"},
        {"depthwise_conv",
         "depthwise_conv kernel=3 stride=1 pad=1 in_halo=1 out_halo=0 act=none gate=0 sums=0 store=1"},
        {"batch_norm", "batch_norm in_halo=0 out_halo=0 act=none"},
        {"scale_add", "scale_add in_halo=0 gate=0 residual=0 res_halo=0 out_halo=0 act=none sums=0 store=1"},
        {"squeeze", "squeeze in_halo=0"},
        {"window_means", "window_means in_halo=0 sums_halo=0"},
        {"excite", "excite segments=1"},
        {"dense", "dense act=none logits=0"},
        {"max_pool", "max_pool kernel=3 stride=2 pad=1 in_halo=0 out_halo=0"},
        {"ingest_f32", "ingest_f32 layout=planar out_halo=0"},
        {"ingest_u8", "ingest_u8 layout=planar out_halo=0"},
    };
    return text;
}

// Values in [-1, 1), the same on every machine. Bytes for the u8 image.
class Random {
  public:
    Array fill(Array array, bool bytes) {
        for (double& value : array.values)
            value = bytes ? (next() >> 24) : static_cast<float>((next() >> 8) / 8388608.0 - 1);
        return array;
    }

  private:
    uint32_t next() { return state_ = state_ * 1664525u + 1013904223u; }
    uint32_t state_ = 1;
};

// Bands are of one size where sums are collected.
int small_band(const Stage& stage, const Schedule& schedule, bool across) {
    if (!has_sums(stage)) return 2;
    const MapShape map = output_map(stage);
    const int tile = schedule.number(across ? "tile_x" : "tile_y"), extent = across ? map.width : map.height;
    return (extent + tile - 1) / tile % 2 == 0 ? 2 : 1;
}

Schedule with_tasks(const Stage& stage, Schedule schedule, Tasks tasks) {
    if (tasks == Tasks::chosen) return schedule;
    for (auto& [param, value] : schedule.params) {
        if (param == "parallel") value = 2;
        if (param == "axis") value = tasks == Tasks::blocks ? kBlocks : std::max<int>(value, kBands);
        if (param == "band_x") value = small_band(stage, schedule, true);
        if (param == "band_y") value = small_band(stage, schedule, false);
        if (param == "rows") value = 2;
        if (param == "images_inside") value = tasks == Tasks::blocks;
    }
    return schedule;
}

// A stage with its schedule and inputs, and what should come out.
struct Problem {
    Stage stage;
    Schedule schedule;
    std::string variant;
    std::vector<Argument> inputs, outputs;
    std::vector<Storage> input_storages;
    std::vector<std::map<std::string, Expected>> expected;  // by image and output

    Problem(Stage stage_, Schedule schedule_, std::string variant_)
        : stage(std::move(stage_)), schedule(std::move(schedule_)), variant(std::move(variant_)) {
        Random random;
        std::vector<std::map<std::string, Array>> values(kImages);
        for (const Argument& argument : arguments(stage, schedule)) {
            if (argument.role == Role::output) {
                outputs.push_back(argument);
                continue;
            }
            inputs.push_back(argument);
            input_storages.emplace_back(stage, argument, kImages);
            const Array empty(logical_shape(stage, argument));
            for (int image = 0; image < (argument.batched ? kImages : 1); image++) {
                auto& of_image = values[static_cast<size_t>(image)];
                const Array array = argument.name == "input_sums" ? tile_sums(of_image.at("input"), empty.shape)
                                                                  : random.fill(empty, argument.type_bits == 8);
                of_image[argument.name] = array;
                if (argument.role == Role::parameter) {
                    const Tensor tensor(Shape(array.shape.begin(), array.shape.end()), array.values);
                    input_storages.back().store_packed(pack_parameter(argument, &tensor));
                } else {
                    input_storages.back().store(array, image);
                }
            }
        }
        for (auto& of_image : values) {
            of_image.insert(values[0].begin(), values[0].end());  // parameters are the same for every image
            expected.push_back(evaluate(stage, schedule, of_image));
        }
    }

    std::vector<Storage> output_storages() const {
        std::vector<Storage> storages;
        for (const Argument& output : outputs) storages.emplace_back(stage, output, kImages);
        return storages;
    }
};

class Check {
  public:
    Check(const KernelLibrary& library, int kernel, const Problem& problem)
        : library_(library), kernel_(kernel), problem_(problem) {}

    void run() {
        const Stage& stage = problem_.stage;
        const std::vector<Storage> together = problem_.output_storages(), alone = problem_.output_storages();
        bool ran = call(together, 0, kImages) == 0;
        for (int image = 0; image < kImages; image++) ran = ran && call(alone, image, 1) == 0;
        CHECK(ran);
        if (!ran) return;
        const bool free_lanes =
            stage.generator == "excite" || (stage.params.count("act") != 0 && stage.params.at("act") == "sigmoid");
        for (size_t i = 0; i < together.size(); i++) {
            INFO(problem_.outputs[i].name);
            CHECK(together[i].stray_write(kImages, free_lanes) == "");
            for (int image = 0; image < kImages; image++) {
                const Array found = together[i].load(image);
                const auto& expected = problem_.expected[static_cast<size_t>(image)];
                compare_with_naive(image, found, expected.at(problem_.outputs[i].name));
                CHECK_MESSAGE(alone[i].load(image).values == found.values, "image ", image,
                              " alone differs from itself in a batch");
            }
        }
    }

  private:
    int call(const std::vector<Storage>& outputs, int first_image, int images) const {
        std::vector<HostMemory> memory;
        for (const Storage& input : problem_.input_storages) memory.push_back(input.memory(first_image));
        for (const Storage& output : outputs) memory.push_back(output.memory(first_image));
        return library_.run(kernel_, memory, images);
    }

    static void compare_with_naive(int image, const Array& found, const Expected& expected) {
        int wrong = 0;
        for (size_t i = 0; i < found.values.size(); i++) {
            // Not "error > bound": a NaN must count as wrong.
            if (std::fabs(found.values[i] - expected.value.values[i]) <= expected.bound.values[i] + 1e-37) continue;
            if (wrong++ == 0) {
                FAIL_CHECK(fmt::format("image {} element {}: {} instead of {}, allowed is {}", image, i,
                                       found.values[i], expected.value.values[i], expected.bound.values[i]));
            }
        }
        CHECK(wrong == 0);
    }

    const KernelLibrary& library_;
    int kernel_;
    const Problem& problem_;
};

// "stage", or "stage | schedule"
struct Text {
    std::string stage, schedule;

    explicit Text(const std::string& text) : stage(text.substr(0, text.find('|'))) {
        if (text.find('|') != std::string::npos) schedule = text.substr(text.find('|') + 1);
    }
    Schedule schedule_for(const std::string& variant, Tasks tasks) const {
        const Stage s = stage_of(stage);
        if (schedule.empty()) return with_tasks(s, choose_schedule(s, variant), tasks);
        if (schedule == " direct") return with_tasks(s, choose_direct_conv(s, find_variant(variant)), tasks);
        Schedule given = parse_schedule(schedule);
        given.params["lanes"] = find_variant(variant).lanes;
        if (variant == "neon") given.params["by_lane"] = 1;
        return given;
    }
};

}  // namespace

Stage stage_of(const std::string& text) {
    Stage stage = parse_stage(text);
    const Stage plain = parse_stage(plainest().at(stage.generator));
    stage.params.insert(plain.params.begin(), plain.params.end());
    if (stage.generator == "excite") stage.params.emplace("out", stage.params.at("ch"));
    if (stage.generator == "squeeze")
        stage.params.emplace("pixels", std::to_string(stage.number("h") * stage.number("w")));
    if (stage.generator == "window_means") {
        stage.params.emplace("tiles_x", stage.params.at("w"));
        stage.params.emplace("tiles_y", stage.params.at("h"));
    }
    return stage;
}

const TargetInfo& target_under_test() {
    const char* name = std::getenv("SENETC_STAGE_TARGET");
    return name != nullptr ? find_target(name) : *native_target();
}

bool emulated() {
    return target_under_test().name != native_target()->name;
}

void check_stages(const std::vector<std::string>& texts, Checks checks, Tasks tasks) {
    std::vector<Problem> problems;
    KernelLibrary library(checks, target_under_test());
    for (const VariantInfo& info : target_under_test().variants) {
        const std::string& variant = info.name;
        if (!library.emulated() && !cpu_runs(variant)) {
            MESSAGE("SKIPPED: this CPU has no ", variant);
            continue;
        }
        for (const std::string& line : texts) {
            const Text text(line);
            const Schedule schedule = text.schedule_for(variant, tasks);
            // F(6 x 6) is chosen nowhere, and takes half of all time to compile and to emulate.
            if (library.emulated() && winograd_tile(schedule) == 6) continue;
            problems.emplace_back(stage_of(text.stage), schedule, variant);
            library.add(problems.back().stage, problems.back().schedule, variant);
        }
    }
    library.load();
    for (size_t i = 0; i < problems.size(); i++) {
        const Problem& problem = problems[i];
        INFO(problem.variant, ": ", to_string(problem.stage), " | ", to_string(problem.schedule));
        Check(library, static_cast<int>(i), problem).run();
    }
}

}  // namespace senetc::test
