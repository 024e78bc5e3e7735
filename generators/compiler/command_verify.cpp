// verify: a library against the evaluator in double.
#include <fmt/format.h>

#include <memory>

#include "generators/compiler/commands.h"
#include "generators/verify/verify.h"
#include "models/error.h"

namespace senetc {
namespace {

constexpr const char* kFooter =
    "The library carries its network as it was given. That, with FILE's weights, is evaluated in double, and so is\n"
    "every step that the passes made of it: a step's output is compared with what it should make of what it read, the\n"
    "logits with what the network makes of the image. The weights in the library are compared with FILE's, packed.\n"
    "Errors are relative to the largest value. The default tolerance is ten times what Winograd's transforms and long\n"
    "sums in float32 lose, and a hundredth of what one wrong weight or instruction does.\n\n"
    "--expect compares with another framework's outputs too: a tensor 'logits', or the only one of that shape, and\n"
    "any that bear stages' names, as `senet run --stages` writes them.\n\n"
    "A library of another machine: there, or in an emulator, `senet run LIB --tensors IN --stages --output OUT`;\n"
    "here `senetc verify LIB --weights FILE --tensors IN --outputs OUT`.\n\n"
    "Exits with 0 when all is within the tolerance, 1 when something isn't, 2 when nothing was compared.";

class VerifyCommand {
  public:
    VerifyCommand(CLI::App& app, int& status) : status_(status) {
        CLI::App& command = *app.add_subcommand(
            "verify", "Compare what a library computes with its network evaluated in double, step by step");
        command.add_option("LIB", request_.library, "A library that senetc built: lib<name>.so")->required();
        command.add_option("--weights", request_.weights, "The weights that it was built with: safetensors")
            ->required();
        CLI::Option* tensors = command.add_option("--tensors", request_.tensors,
                                                  "Input: safetensors with a tensor [N, C, H, W]; by default "
                                                  "one image by formula");
        command.add_option("--expect", request_.expect, "Another framework's outputs of --tensors: safetensors")
            ->needs(tensors);
        command
            .add_option("--outputs", request_.outputs,
                        "What `senet run --tensors` wrote on another machine; compared instead of running LIB")
            ->needs(tensors);
        command.add_option("--variant", request_.variant, "Only this variant; by default all that this CPU runs");
        command
            .add_option("--images", request_.images, "Evaluate no more images of --tensors than this; --expect has all")
            ->capture_default_str()
            ->check(CLI::Range(1, 1 << 20));
        command.add_option("--tolerance", request_.tolerance, "Error allowed, of the largest value")
            ->capture_default_str()
            ->check(CLI::PositiveNumber);
        command.add_flag("-v,--verbose", request_.every_step, "Show every step, not the worst ones");
        command.footer(kFooter);
        command.callback([this] { run(); });
    }

  private:
    void run() {
        const verifier::Verdict verdict = verifier::verify_library(request_);
        fmt::print("{}", verdict.text);
        status_ = verdict.passes ? 0 : 1;
    }

    verifier::Request request_;
    int& status_;
};

}  // namespace

void add_verify_command(CLI::App& app, int& status) {
    static std::unique_ptr<VerifyCommand> command;  // outlives parsing
    command = std::make_unique<VerifyCommand>(app, status);
}

}  // namespace senetc
