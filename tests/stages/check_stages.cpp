#include "tests/stages/check_stages.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>

#include "generators/oracle/arguments.h"
#include "generators/oracle/storage.h"
#include "runtime/harness/compare.h"
#include "schedules/auto/autoschedulers.h"
#include "schedules/gpu/choose.h"
#include "schedules/hand/choose.h"
#include "schedules/hand/map_loops.h"
#include "schedules/schedules.h"
#include "tests/stages/kernel_memory.h"
#include "tests/stages/opencl.h"

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

// Bands are of one size where sums are collected.
int small_band(const Stage& stage, const Schedule& schedule, bool across) {
    const MapShape map = output_map(stage);
    const int tile = schedule.number(across ? "tile_x" : "tile_y"), extent = across ? map.width : map.height;
    const int tiles = divide_up(extent, tile), band = has_sums(stage) && tiles % 2 != 0 ? 1 : 2;
    return bands_must_not_overlap(stage) && bands_overlap(extent, tile, band) ? tiles : band;
}

// On GPUs tasks are blocks of threads: here of few, which stage nothing, and their sums in parts wherever they can be.
Schedule in_small_blocks(const Stage& stage, Schedule schedule) {
    schedule.params.erase("stage_k");
    if (schedule.params.count("block_k") != 0) {
        schedule.params["block"] = 2;
        schedule.params["block_k"] = 1;
    }
    const bool has_parts = stage.generator == "conv" && schedule.algorithm == "direct" && !has_shortcut(stage) &&
                           stage.params.at("layout") == "blocked";
    if (has_parts) schedule.params["part"] = 1;
    return schedule;
}

Schedule with_tasks(const Stage& stage, Schedule schedule, Tasks tasks) {
    if (tasks == Tasks::chosen) return schedule;
    if (is_on_gpu(schedule)) return in_small_blocks(stage, schedule);
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
    std::vector<Argument> outputs;
    std::vector<KernelMemory> inputs;
    std::vector<std::vector<oracle::Storage::Stored>> expected;  // by image and output

    Problem(Stage stage_, Schedule schedule_, std::string variant_)
        : stage(std::move(stage_)), schedule(std::move(schedule_)), variant(std::move(variant_)) {
        oracle::Random random;
        oracle::Arguments shared;  // by all images
        for (int image = 0; image < kImages; image++) {
            oracle::Arguments values = oracle::random_arguments(stage, schedule, random);
            for (const Argument& argument : arguments(stage, schedule))
                if (!argument.batched) shared.emplace(argument.name, values.at(argument.name));
            for (const auto& [name, array] : shared) values[name] = array;
            add_image(image, values);
        }
    }

    std::vector<KernelMemory> output_memories() const {
        std::vector<KernelMemory> memories;
        for (const Argument& output : outputs) memories.emplace_back(output, kImages);
        return memories;
    }

  private:
    void add_image(int image, const oracle::Arguments& values) {
        const oracle::Outputs wanted =
            oracle::outputs(stage, schedule, oracle::evaluate_result(stage, schedule, values));
        expected.emplace_back();
        size_t input = 0;
        for (const Argument& argument : arguments(stage, schedule)) {
            const oracle::Storage storage(stage, argument);
            if (argument.role == Role::output) {
                if (image == 0) outputs.push_back(argument);
                expected.back().push_back(storage.stored(wanted.at(argument.name)));
                continue;
            }
            if (image == 0) inputs.emplace_back(argument, kImages);
            if (image == 0 || argument.batched) inputs[input].set(image, storage.contents(values.at(argument.name)));
            ++input;
        }
    }
};

class Check {
  public:
    Check(const KernelLibrary& library, int kernel, const Problem& problem)
        : library_(library), kernel_(kernel), problem_(problem) {}

    void run() {
        const std::vector<KernelMemory> together = problem_.output_memories(), alone = problem_.output_memories();
        bool ran = call(together, 0, kImages) == 0;
        set_task_order(TaskOrder::first_first);  // images alone have their tasks done in another order, too
        for (int image = 0; image < kImages; image++) ran = ran && call(alone, image, 1) == 0;
        set_task_order(TaskOrder::last_first);
        CHECK(ran);
        if (!ran) return;
        for (size_t i = 0; i < together.size(); i++) {
            INFO(problem_.outputs[i].name);
            CHECK(together[i].end_untouched());
            for (int image = 0; image < kImages; image++) {
                compare_with_naive(image, i, together[i].image(image));
                const size_t bytes = oracle::Storage(problem_.stage, problem_.outputs[i]).bytes();
                CHECK_MESSAGE(std::memcmp(alone[i].image(image), together[i].image(image), bytes) == 0, "image ", image,
                              " alone differs from itself in a batch");
            }
        }
    }

  private:
    int call(const std::vector<KernelMemory>& outputs, int first_image, int images) const {
        std::vector<HostMemory> memory;
        for (const KernelMemory& input : problem_.inputs) memory.push_back(input.memory(first_image));
        for (const KernelMemory& output : outputs) memory.push_back(output.memory(first_image));
        return library_.run(kernel_, memory, images);
    }

    void compare_with_naive(int image, size_t output, const uint8_t* found) const {
        const oracle::Storage::Stored& stored = problem_.expected[static_cast<size_t>(image)][output];
        const senet::Difference difference =
            senet::compare(reinterpret_cast<const float*>(found), stored.expected.data(), stored.bounds.data(),
                           stored.expected.size());
        CHECK_MESSAGE(!difference.wrong,
                      fmt::format("image {} element {} of the storage: {} instead of {}, allowed is {}", image,
                                  difference.element, difference.found, difference.expected, difference.bound));
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
    // A CPU's numbers mean nothing there.
    Schedule gpu_schedule(const Stage& s) const {
        const Schedule given = parse_schedule(schedule);
        if (is_on_gpu(given)) return given;
        const int m = winograd_tile(given);
        return m != 0 ? gpu::choose_winograd(s, m) : gpu::choose_direct_conv(s);
    }
    Schedule schedule_for(const std::string& variant, Tasks tasks) const {
        const Stage s = stage_of(stage);
        if (schedule.empty()) return with_tasks(s, choose_schedule(s, variant), tasks);
        Schedule given = parse_schedule(schedule);
        if (is_autoscheduled(given)) return autoscheduled(s, variant, given);
        if (find_variant(variant).on_gpu()) return with_tasks(s, gpu_schedule(s), tasks);
        if (schedule == " direct") return with_tasks(s, choose_direct_conv(s, find_variant(variant)), tasks);
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
    return target_under_test().triple != native_target()->triple;
}

bool on_gpu() {
    return target_under_test().variants.front().on_gpu();
}

bool target_runs_here() {
    const std::string missing = emulated() ? missing_for_arm() : on_gpu() ? missing_for_opencl() : "";
    if (!missing.empty())
        fmt::print("SKIPPED: kernels for {} need {}: run ./setup --tests\n", target_under_test().name, missing);
    return missing.empty();
}

void check_stages(const std::vector<std::string>& texts, Checks checks, Tasks tasks) {
    std::vector<Problem> problems;
    KernelLibrary library(checks, target_under_test());
    for (const VariantInfo& info : target_under_test().variants) {
        const std::string& variant = info.name;
        if (info.on_gpu() != on_gpu()) continue;  // the CPU's variants are those of its own target
        if (!library.emulated() && !on_gpu() && !cpu_runs(variant)) {
            MESSAGE("SKIPPED: this CPU has no ", variant);
            continue;
        }
        for (const std::string& line : texts) {
            const Text text(line);
            const Schedule schedule = text.schedule_for(variant, tasks);
            // F(6 x 6) is chosen nowhere, and takes half of all time to compile and to emulate.
            if ((library.emulated() || on_gpu()) && winograd_tile(schedule) == 6) continue;
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
