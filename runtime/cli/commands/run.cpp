#include "runtime/cli/commands/run.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/lists.h"
#include "runtime/cli/error.h"

namespace senet::cli {

namespace {

constexpr auto footer =
    "Examples:\n"
    "  senet run libse_resnet50.so photo.jpg                     one image, its five likeliest classes\n"
    "  senet run libse_resnet50.so photos/ --output results.csv  a folder tree into a table\n"
    "  find . -name '*.png' -print0 | senet run LIB - -0 --top 1 names from standard input\n"
    "  senet run LIB val/ --class-folders                        accuracy, one folder per class\n"
    "  senet run LIB --tensors in.safetensors --output out.safetensors\n"
    "                                                            raw logits, to compare with another framework\n"
    "\n"
    "Exit status: 0 all fine, 1 some images failed (their rows say why), 2 nothing done, 130 interrupted.";

void add_image_options(CLI::App& app, RunOptions& o) {
    app.add_option("--labels", o.labels, "Names of the classes, one a line, instead of the library's")
        ->type_name("FILE");
    app.add_option("--top", o.top, "Predictions per image")->capture_default_str()->check(CLI::Range(1u, 1u << 20));
    app.add_option("--output", o.output, "Results as a .csv or .json file; '-': CSV on standard output")
        ->type_name("FILE");
    app.add_option("--format", o.format, "Form of the results: text, csv or json, whatever the file's name")
        ->check(CLI::IsMember({"text", "csv", "json"}));
    app.add_option("--resize", o.resize, "Resize the shorter side to this many pixels; 0: leave it")
        ->type_name("N")
        ->check(CLI::Range(0, 1 << 16));
    app.add_option("--crop", o.crop, "Crop the centre to height x width pixels; 0: leave it")->type_name("HxW");
    app.add_option("--max-pixels", o.max_pixels, "Refuse images of more pixels")->capture_default_str();
    app.add_flag("--class-folders", o.class_folders, "Take each image's folder for its class and print the accuracy");
    app.add_flag("-0,--null", o.null_separated, "Names on standard input end with NUL, not newline");
}

void add_network_options(CLI::App& app, RunOptions& o) {
    app.add_option("--batch", o.batch, "Images computed at once")->capture_default_str()->check(CLI::Range(1u, 65536u));
    app.add_option("--threads", o.threads, "Threads that compute; 0: all that the process may use")
        ->capture_default_str();
    app.add_option("--variant", o.variant, "One of the variants that `senet info` lists, not the best for this CPU");
    app.add_option("--device", o.device,
                   "cpu, cuda or cuda:N; a GPU if the library has kernels for it and there is one");
    app.add_option("--mean", o.mean, "Per channel of [0, 1], subtracted, instead of the library's")->type_name("R,G,B");
    app.add_option("--std", o.deviation, "Per channel, divided by, instead of the library's")->type_name("R,G,B");
}

void check_options(const RunOptions& o) {
    if (o.tensors.empty()) {
        if (o.stages) throw Error("--stages goes with --tensors");
        if (o.paths.empty()) throw Error("name images or folders, or '-' to read names from standard input");
        return;
    }
    if (!o.paths.empty()) throw Error("--tensors and image paths don't go together");
    if (o.output.empty()) throw Error("--tensors needs --output FILE.safetensors");
}

}  // namespace

Command add_run(CLI::App& app) {
    CLI::App* command = app.add_subcommand("run", "Classify images, or run a network on tensors");
    command->footer(footer);
    auto options = std::make_shared<RunOptions>();
    command->add_option("LIB", options->library, "A network that senetc built: lib<name>.so")->required();
    command->add_option("PATHS", options->paths,
                        "JPEG and PNG images, folders (searched), '-' (names on standard input)");
    add_image_options(*command, *options);
    add_network_options(*command, *options);
    command->add_option("--tensors", options->tensors, "Run on this safetensors file's only tensor, F32 [N, C, H, W]")
        ->type_name("FILE");
    command->add_flag("--stages", options->stages, "With --tensors: write every named stage's output too");
    return [options] {
        check_options(*options);
        return options->tensors.empty() ? run_images(*options) : run_tensors(*options);
    };
}

Session open_run_session(const senet_model* model, const RunOptions& options) {
    const uint32_t channels = senet_model_describe(model)->channels;
    if (options.mean.empty() != options.deviation.empty()) throw Error("give both --mean and --std or neither");
    senet_session_options session{};
    session.max_batch = options.batch;
    session.threads = options.threads;
    if (options.mean.empty()) return open_session(model, session);
    const std::vector<float> mean = parse_numbers("--mean", options.mean, channels);
    const std::vector<float> deviation = parse_numbers("--std", options.deviation, channels);
    session.mean = mean.data();
    session.deviation = deviation.data();
    return open_session(model, session);
}

}  // namespace senet::cli
