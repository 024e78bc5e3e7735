// senet: classifies images with a network that senetc compiled.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "runtime/cli/commands/commands.h"
#include "runtime/cli/error.h"
#include "runtime/cli/output/interrupt.h"
#include "senet/senet.h"

namespace {

using namespace senet::cli;

constexpr auto footer =
    "Examples:\n"
    "  senet run libse_resnet50.so photos/ --output results.csv\n"
    "  senet bench libse_resnet50.so --threads 1 --profile\n"
    "  senet info libse_resnet50.so\n"
    "\n"
    "`senet COMMAND --help` says more. Exit status: 0 all fine, 1 some images failed, 2 nothing done.";

void say(const std::string& sentence) {
    fmt::print(stderr, "senet: {}\n", sentence);
}

// One line, with where to read on.
int usage(const CLI::App& app, const CLI::ParseError& error) {
    std::string sentence = error.what();
    while (!sentence.empty() && (sentence.back() == '\n' || sentence.back() == '.')) sentence.pop_back();
    for (char& c : sentence) {
        if (c == '\n') c = ' ';
    }
    const auto chosen = app.get_subcommands();
    say(fmt::format("{}; see `senet {}--help`", sentence, chosen.empty() ? "" : chosen[0]->get_name() + " "));
    return nothing_done;
}

int run(int argc, char** argv) {
    CLI::App app("Classifies images with networks that senetc compiled.", "senet");
    app.footer(footer);
    app.set_version_flag("--version", std::string("senet ") + senet_version());
    app.require_subcommand(1);
    const std::vector<std::pair<std::string, Command>> commands = {
        {"run", add_run(app)}, {"bench", add_bench(app)}, {"info", add_info(app)}};
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() != 0) return usage(app, error);
        return app.exit(error);  // --help and --version
    }
    for (const auto& [name, command] : commands) {
        if (app.got_subcommand(name)) return command();
    }
    return nothing_done;
}

}  // namespace

int main(int argc, char** argv) {
    handle_interrupts();
    handle_lack_of_memory();
    try {
        const int status = run(argc, argv);
        if (std::fflush(stdout) != 0 || !std::cout)
            throw Error("can't write to standard output: {}", errno_text(errno));
        return status;
    } catch (const std::bad_alloc&) {
        say("not enough memory");
    } catch (const std::exception& error) {
        say(error.what());
    }
    return nothing_done;
}
