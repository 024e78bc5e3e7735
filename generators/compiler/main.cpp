// senetc: compiles Squeeze-and-Excitation networks. Exit codes: 0 done, 1 a library differs from its network,
// 2 nothing done.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <new>
#include <string_view>

#include "generators/compiler/commands.h"
#include "generators/system/locked_folder.h"
#include "models/error.h"

namespace {

int run(int argc, char** argv) {
    CLI::App app{
        "senetc: compiles Squeeze-and-Excitation networks ahead of time into libraries that senet and libsenet run",
        "senetc"};
    app.set_version_flag("--version", "senetc " SENETC_VERSION);
    app.require_subcommand(1);
    app.footer(
        "Examples:\n"
        "  senetc list\n"
        "  senetc build se_resnet20_cifar --weights models/weights/se_resnet20_cifar10.safetensors -o dist\n"
        "  senet run dist/x86-64/libse_resnet20_cifar.so photos/\n"
        "  senetc COMMAND --help");
    int status = 0;
    try {
        senetc::add_build_command(app);
        senetc::add_list_command(app);
        senetc::add_show_command(app);
        senetc::add_weights_command(app);
        senetc::add_bench_stages_command(app);
        senetc::add_bench_schedules_command(app);
        senetc::add_inspect_command(app);
        senetc::add_tune_command(app);
        senetc::add_verify_command(app, status);
        senetc::add_cache_command(app);
        const auto is_named = [&](CLI::App* command) { return command->get_name() == argv[1]; };
        if (argc > 1 && argv[1][0] != '-' && app.get_subcommands(is_named).empty())
            throw senetc::Error(fmt::format("there is no command '{}'; senetc --help shows the commands", argv[1]));
        app.parse(argc, argv);
        return status;
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        fmt::print(stderr, "senetc: {}; senetc --help shows the commands and their options\n", error.what());
    }
    return 2;
}

// JSON's library doesn't survive bad_alloc, so as long as there is no folder to remove the program ends on the spot.
void end_without_memory() {
    if (senetc::LockedFolder::any()) throw std::bad_alloc();
    constexpr std::string_view sentence = "senetc: not enough memory\n";
    [[maybe_unused]] const ssize_t said = write(STDERR_FILENO, sentence.data(), sentence.size());
    _exit(2);
}

}  // namespace

int main(int argc, char** argv) {
    std::set_new_handler(end_without_memory);
    try {
        return run(argc, argv);
    } catch (const std::bad_alloc&) {
        std::fputs("senetc: not enough memory\n", stderr);
    } catch (const std::exception& error) {
        fmt::print(stderr, "senetc: {}\n", error.what());
    }
    return 2;
}
