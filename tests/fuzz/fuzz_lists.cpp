// Lists and sizes of the command lines, and names on standard input. The first byte chooses which.
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <vector>

#include "generators/compiler/parse_size.h"
#include "models/error.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/lists.h"
#include "runtime/cli/error.h"
#include "runtime/cli/input/find_images.h"
#include "tests/fuzz/memory_file.h"

namespace {

void mean_or_std(const std::string& text, uint32_t channels) {
    const std::vector<float> numbers = senet::cli::parse_numbers("--mean", text, channels);
    if (numbers.size() != channels) abort();
    for (float number : numbers)
        if (!std::isfinite(number)) abort();
}

void crop(const std::string& text) {
    const auto [height, width] = senet::cli::parse_crop(text);
    if ((height == 0) != (width == 0) || height < 0 || width < 0) abort();
}

void input_size(const std::string& text) {
    const auto [height, width] = senetc::parse_size("--input", text);
    if (height < 1 || width < 1) abort();
}

// Each name once, in order, without its separator; the folders among them are searched.
void names(const std::string& text, bool null_separated) {
    static fuzz::MemoryFile file;
    file.set(reinterpret_cast<const uint8_t*>(text.data()), text.size());
    lseek(file.descriptor(), 0, SEEK_SET);
    senet::cli::ImageFinder finder({"-"}, {null_separated, file.descriptor()});
    for (size_t found = 0; const auto path = finder.next(); found++)
        if (path->path.empty() || found > text.size()) abort();
}

// The whole command line of senet, one argument a line; nothing is run.
void command_line(const std::string& text) {
    CLI::App app("senet");
    // Each holds the options that parsing fills.
    const senet::cli::Command commands[] = {senet::cli::add_run(app), senet::cli::add_bench(app),
                                            senet::cli::add_info(app)};
    std::vector<std::string> arguments;
    std::stringstream lines(text);
    for (std::string line; std::getline(lines, line);) arguments.insert(arguments.begin(), line);
    try {
        app.parse(arguments);
    } catch (const CLI::ParseError&) {
    }
    (void)commands;
}

// A name that is a folder would have the machine's own files searched.
bool names_folder(const std::string& text) {
    return text.find('/') != std::string::npos || text.find("..") != std::string::npos ||
           text.find('.') != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
    if (count == 0) return 0;
    const std::string text(bytes + 1, bytes + count);
    try {
        if (bytes[0] % 8 == 0) mean_or_std(text, 1 + bytes[0] / 8 % 4);
        if (bytes[0] % 8 == 1) crop(text);
        if (bytes[0] % 8 == 2) input_size(text);
        if (bytes[0] % 8 == 3 && !names_folder(text)) names(text, false);
        if (bytes[0] % 8 == 4 && !names_folder(text)) names(text, true);
        if (bytes[0] % 8 == 5) command_line(text);
    } catch (const senet::cli::Error&) {
    } catch (const senetc::Error&) {
    }
    return 0;
}
