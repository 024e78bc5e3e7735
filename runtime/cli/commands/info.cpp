// `senet info`: what is in a library and what of it this machine runs.
#include <CLI/CLI.hpp>
#include <array>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/moved_bytes.h"
#include "runtime/cli/commands/network.h"
#include "runtime/cli/error.h"

namespace senet::cli {

namespace {

struct InfoOptions {
    std::string library, device;
    bool json = false;
};

constexpr std::array<uint32_t, 3> arena_batches = {1, 8, 32};

struct Library {
    std::string path;
    Model model;  // opened to run or, where nothing of it runs here, to be described

    const senet_model_v1_t& network() const { return *senet_model_describe(model.get()); }
    const senet_variant_v1_t* chosen() const { return senet_model_variant(model.get()); }  // nullptr: nothing runs here
    const senet_variant_v1_t& chosen_or_best() const { return chosen() ? *chosen() : network().variants[0]; }
};

// A device that is asked for by name has to be there.
Library open_library(const InfoOptions& options) {
    const bool any = options.device.empty();
    const senet_model_options wish{nullptr, nullptr, any ? nullptr : options.device.c_str(), nullptr};
    senet_model* model = nullptr;
    const senet_status status = senet_model_open(options.library.c_str(), &wish, &model);
    const bool not_here = status == SENET_NO_DEVICE || status == SENET_UNSUPPORTED_CPU;
    if (any && not_here) return {options.library, read_model(options.library)};
    check(status);
    return {options.library, Model(model)};
}

// On a GPU its memory, without kernels' scratch, which a session measures when it opens. Nothing for CPUs' variants
// that don't run here.
std::optional<uint64_t> arena_bytes(const Library& library, uint32_t batch) {
    const senet_variant_v1_t& variant = library.chosen_or_best();
    if (variant.device == SENET_DEVICE_CUDA) return variant.arena_bytes * batch;
    if (library.chosen() == nullptr) return {};
    senet_session_options options{};
    options.max_batch = batch;
    size_t bytes = 0;
    check(senet_session_arena_bytes(library.model.get(), &options, &bytes));
    return bytes;
}

// Why this machine can't run a variant, or "" if it can.
std::string refusal(const std::string& library, const char* variant) {
    try {
        open_model(library, variant);
        return "";
    } catch (const Error& error) {
        return error.what();
    }
}

std::vector<float> channels_of(const float (&values)[4], uint32_t channels) {
    return {values, values + std::min<uint32_t>(channels, 4)};
}

std::string preprocess_text(const senet_preprocess_v1_t& p, uint32_t channels) {
    std::string text = p.resize ? fmt::format("shorter side to {}, ", p.resize) : "";
    if (p.crop_height) text += fmt::format("centre {} x {}, ", p.crop_height, p.crop_width);
    return text + fmt::format("mean {:.4g}, deviation {:.4g}", fmt::join(channels_of(p.mean, channels), " "),
                              fmt::join(channels_of(p.deviation, channels), " "));
}

std::string mebibytes(uint64_t bytes) {
    return fmt::format("{:.1f} MiB", double(bytes) / (1 << 20));
}

std::string kibibytes(uint64_t bytes) {
    return fmt::format("{:.1f} KiB", double(bytes) / (1 << 10));
}

// XXH3-128 as it is usually written, and as the build id's note in the library is shown by other tools.
std::string hex(const uint64_t (&hash)[2]) {
    return fmt::format("{:016x}{:016x}", hash[1], hash[0]);
}

nlohmann::ordered_json moved_json(const senet_variant_v1_t& variant) {
    const MovedBytes moved = moved_bytes(variant);
    return {{"maps_read", moved.maps_read},
            {"maps_written", moved.maps_written},
            {"sums", moved.sums},
            {"vectors", moved.vectors},
            {"weights", moved.weights}};
}

// How many of a variant's kernels each source scheduled: "hand", "tuned:sapphirerapids".
std::map<std::string, size_t> schedule_sources(const senet_variant_v1_t& variant) {
    std::map<std::string, std::set<senet_kernel_v1_t>> kernels;
    for (const int ingest : {0, 1})
        for (const senet_step_v1_t* step : steps_of(variant, ingest))
            kernels[step->schedule_source ? step->schedule_source : "unknown"].insert(step->entry);
    std::map<std::string, size_t> counts;
    for (const auto& [source, entries] : kernels) counts[source] = entries.size();
    return counts;
}

std::string schedules_text(const senet_variant_v1_t& variant) {
    std::string text;
    for (const auto& [source, kernels] : schedule_sources(variant))
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", kernels, source);
    return text;
}

void print_text(const Library& library) {
    const senet_model_v1_t& network = library.network();
    const auto line = [](const char* what, const std::string& value) { fmt::print("{:<12} {}\n", what, value); };
    line("name", network.name);
    line("description", network.description ? network.description : "");
    line("made by", fmt::format("{} {}", network.producer, network.flags ? network.flags : ""));
    line("build id", hex(network.build_id));
    line("input", fmt::format("{} channels, height {}, width {}", network.channels, network.height, network.width));
    line("preprocess", preprocess_text(network.preprocess, network.channels));
    line("classes", fmt::format("{}{}", network.classes, network.labels ? ", with labels" : ", without labels"));
    line("weights", mebibytes(network.weights_bytes) +
                        (network.weights_file ? fmt::format(" in {}", network.weights_file) : "") + ", hash " +
                        hex(network.weights_hash));
    for (const uint32_t batch : arena_batches) {
        if (const auto bytes = arena_bytes(library, batch))
            line(batch == arena_batches[0] ? "memory" : "",
                 fmt::format("{} for batches of {}", mebibytes(*bytes), batch));
    }
    const MovedBytes moved = moved_bytes(library.chosen_or_best());
    line("moves", fmt::format("{} of maps, {} of sums, {} of vectors an image; {} of weights a run",
                              mebibytes(moved.maps_read + moved.maps_written), kibibytes(moved.sums),
                              kibibytes(moved.vectors), mebibytes(moved.weights)));
    line("runs on", library.chosen() ? senet_model_device(library.model.get()) : "nothing here");
    for (uint32_t i = 0; i < network.num_variants; i++) {
        const senet_variant_v1_t& variant = network.variants[i];
        const std::string why = refusal(library.path, variant.name);
        line(i == 0 ? "variants" : "",
             fmt::format("{} {}, {} steps, schedules: {}{}", &variant == library.chosen() ? "*" : " ", variant.name,
                         variant.num_steps, schedules_text(variant), why.empty() ? "" : "; not here: " + why));
    }
}

nlohmann::ordered_json variants_json(const Library& library) {
    const senet_model_v1_t& network = library.network();
    nlohmann::ordered_json variants = nlohmann::ordered_json::array();
    for (uint32_t i = 0; i < network.num_variants; i++) {
        const senet_variant_v1_t& variant = network.variants[i];
        const std::string why = refusal(library.path, variant.name);
        nlohmann::ordered_json entry = {{"name", variant.name},
                                        {"chosen", &variant == library.chosen()},
                                        {"runs_here", why.empty()},
                                        {"steps", variant.num_steps},
                                        {"schedules", schedule_sources(variant)},
                                        {"moved_bytes", moved_json(variant)}};
        if (!why.empty()) entry["reason"] = why;
        variants.push_back(std::move(entry));
    }
    return variants;
}

void print_json(const Library& library) {
    const senet_model_v1_t& network = library.network();
    const senet_preprocess_v1_t& p = network.preprocess;
    nlohmann::ordered_json json = {
        {"name", network.name},
        {"description", network.description ? network.description : ""},
        {"producer", network.producer},
        {"flags", network.flags ? nlohmann::ordered_json(network.flags) : nlohmann::ordered_json()},
        {"build_id", hex(network.build_id)},
        {"input", {{"channels", network.channels}, {"height", network.height}, {"width", network.width}}},
        {"preprocess",
         {{"resize", p.resize},
          {"crop", {p.crop_height, p.crop_width}},
          {"mean", channels_of(p.mean, network.channels)},
          {"deviation", channels_of(p.deviation, network.channels)}}},
        {"classes", network.classes},
        {"labels", network.labels ? nlohmann::ordered_json(
                                        std::vector<std::string>(network.labels, network.labels + network.classes))
                                  : nlohmann::ordered_json()},
        {"weights_bytes", network.weights_bytes},
        {"weights_hash", hex(network.weights_hash)},
        {"weights_file",
         network.weights_file ? nlohmann::ordered_json(network.weights_file) : nlohmann::ordered_json()},
    };
    json["arena_bytes"] = nullptr;
    for (const uint32_t batch : arena_batches)
        if (const auto bytes = arena_bytes(library, batch)) json["arena_bytes"][std::to_string(batch)] = *bytes;
    json["runs_on"] =
        library.chosen() ? nlohmann::ordered_json(senet_model_device(library.model.get())) : nlohmann::ordered_json();
    json["variants"] = variants_json(library);
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace

Command add_info(CLI::App& app) {
    CLI::App* command = app.add_subcommand("info", "Show what a library holds");
    auto options = std::make_shared<InfoOptions>();
    command->add_option("LIB", options->library, "A network that senetc built: lib<name>.so")->required();
    command->add_option("--device", options->device, "As for `senet run`: which variant that takes");
    command->add_flag("--json", options->json, "For programs");
    command->footer("The variant marked * is the one that runs here unless --variant names another.");
    return [options] {
        (options->json ? print_json : print_text)(open_library(*options));
        return all_fine;
    };
}

}  // namespace senet::cli
