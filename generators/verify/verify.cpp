#include "generators/verify/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "generators/compiler/targets.h"
#include "generators/verify/computed.h"
#include "generators/verify/oracle.h"
#include "generators/verify/report.h"
#include "generators/verify/weights_check.h"
#include "models/error.h"
#include "models/weights/formula.h"

namespace senetc::verifier {
namespace {

class Verification {
  public:
    explicit Verification(const Request& request)
        : request_(request),
          library_(inspect::read_library(request.library)),
          plan_(library_.plan),
          oracle_(library_, request.weights) {
        open_tensors();
    }

    Verdict run() {
        verdict_.text = fmt::format("{}: {}, {}, build id {}\n", library_.path, plan_.description, library_.target,
                                    library_.build_id);
        compare_weights();
        for (size_t i = 0; i < evaluated(); ++i) logits_.push_back(logits_of(oracle_.imported(), doubles(image(i))));
        if (!request_.outputs.empty()) {
            const PlanVariant& variant = *chosen_variants().at(0);
            add(findings("computed elsewhere", variant,
                         [&](size_t i) { return computed_elsewhere(*outputs_, variant, plan_.classes, i); }));
        } else {
            run_variants();
        }
        verdict_.text += verdict_.passes
                             ? fmt::format("\npasses: all within {:.0e} of the largest value\n", request_.tolerance)
                             : "\nfails: " + first_fault_ + "\n";
        return std::move(verdict_);
    }

  private:
    // ---- Inputs and expectations

    Shape image_shape() const { return {plan_.channels, plan_.height, plan_.width}; }

    void open_tensors() {
        if (!request_.outputs.empty()) outputs_.emplace(request_.outputs);
        if (request_.tensors.empty()) return;
        input_.emplace(request_.tensors);
        input_name_ = input_->find("input", image_shape());
        images_ = size_t(input_->images(input_name_));
        if (request_.expect.empty()) return;
        expect_.emplace(request_.expect);
        expect_name_ = expect_->find("logits", {int64_t(plan_.classes)});
    }

    size_t evaluated() const { return std::min(images_, size_t(request_.images)); }
    size_t compared() const { return expect_ ? images_ : evaluated(); }

    std::vector<float> image(size_t i) const {
        return input_ ? input_->image(input_name_, image_shape(), i)
                      : formula_image(1, int(plan_.channels), int(plan_.height), int(plan_.width));
    }

    static std::vector<double> doubles(const std::vector<float>& values) { return {values.begin(), values.end()}; }

    // ---- Weights

    void compare_weights() {
        const WeightsCheck check = check_weights(library_, oracle_.passed());
        const size_t wrong = check.different.size();
        if (wrong == 0) {
            verdict_.text +=
                fmt::format("weights: all {} parameters are those of {}\n", check.parameters, request_.weights);
            return;
        }
        const std::string cause = int(wrong) == check.parameters || wrong > 3
                                      ? "the library was built with another file of weights"
                                      : "the library's weights were changed after it was built, or the file's were";
        fail(fmt::format("weights: {} of {} parameters differ from those of {}, first {}: {}", wrong, check.parameters,
                         request_.weights, check.different[0], cause));
        verdict_.text += first_fault_ + "\n";
    }

    // ---- Comparisons

    std::vector<const PlanVariant*> chosen_variants() const {
        if (!request_.variant.empty()) return inspect::find_variants(library_, {request_.variant});
        std::vector<const PlanVariant*> all;
        for (const PlanVariant& variant : plan_.variants) all.push_back(&variant);
        return all;
    }

    void run_variants() {
        if (!is_native(find_target(library_.target)))
            throw Error(
                fmt::format("{} is for {}, which this machine is not: there, or in an emulator, let `senet run "
                            "LIB --tensors IN --stages --output OUT` compute, and give OUT here as --outputs",
                            library_.path, library_.target));
        int ran = 0;
        for (const PlanVariant* variant : chosen_variants()) {
            if (!Runner::runs_here(request_.library, variant->name)) {
                verdict_.text += fmt::format("\n{}: not compared, {}\n", variant->name,
                                             variant->device == SENET_DEVICE_CPU ? "this CPU doesn't run it"
                                                                                 : "there is no GPU here that runs it");
                continue;
            }
            Runner runner(request_.library, variant->name);
            add(findings(variant->name, *variant, [&](size_t i) { return runner.run(image(i)); }));
            ++ran;
        }
        if (ran == 0) throw Error(fmt::format("{}: this machine runs none of its variants asked for", library_.path));
    }

    template <typename Compute>
    Findings findings(const std::string& name, const PlanVariant& variant, Compute compute) {
        Findings all{fmt::format("{}, {} image{} {}", name, compared(), compared() == 1 ? "" : "s",
                                 input_ ? "of " + request_.tensors : "by formula"),
                     {},
                     {},
                     {"logits"}};
        for (size_t i = 0; i < compared(); ++i) {
            const Computed computed = compute(i);
            if (i < evaluated()) compare_with_evaluator(variant, computed, i, all);
            if (expect_) compare_with_framework(variant, computed, i, all);
        }
        return all;
    }

    // Each step with what it should make of what it reads, as the library computed that, so that no error is taken for
    // a later step's; the logits with what the network should make of the image.
    void compare_with_evaluator(const PlanVariant& variant, const Computed& computed, size_t i, Findings& all) const {
        std::vector<Comparison> steps;
        evaluate(oracle_.passed(), doubles(image(i)), [&](const Node& node, std::vector<double>& value) {
            const auto values = computed.steps.find(node.name);
            if (values == computed.steps.end()) return;
            const bool sums = stores_sums_alone(variant, node.name);
            if (!sums && value.size() != values->second.size())
                throw Error(
                    fmt::format("{}: its step {} is nothing that this senetc makes of its network; verify it "
                                "with {}",
                                library_.path, node.name, plan_.producer));
            steps.push_back(sums ? compare_channel_sums(node.name, values->second, value, size_t(node.type.channels))
                                 : compare(node.name, values->second, value));
            if (!sums) value = doubles(values->second);
        });
        if (i == 0) all.steps.resize(steps.size());
        for (size_t k = 0; k < steps.size(); ++k) all.steps[k].merge(steps[k]);
        all.logits.merge(compare("logits", computed.logits, logits_[i]));
    }

    static bool stores_sums_alone(const PlanVariant& variant, const std::string& name) {
        const auto is_called = [&](const PlanStep& step) { return step.name == name; };
        const auto step = std::find_if(variant.steps.begin(), variant.steps.end(), is_called);
        return step != variant.steps.end() && step->kernel.find(" store=0") != std::string::npos;
    }

    // The logits, and before them whatever bears the name of a stage.
    void compare_with_framework(const PlanVariant& variant, const Computed& computed, size_t i, Findings& all) const {
        std::vector<Comparison> outputs;
        for (const PlanStep& step : variant.steps) {
            if (step.stage.empty() || step.stage == expect_name_ || !expect_->has(step.stage)) continue;
            Shape shape = {step.channels};
            if (step.height > 0) shape.insert(shape.end(), {step.height, step.width});
            const auto values = computed.steps.find(step.name);
            if (values == computed.steps.end()) continue;
            outputs.push_back(compare(step.stage, values->second, doubles(expect_->image(step.stage, shape, i))));
        }
        const std::vector<float> logits = expect_->image(expect_name_, {int64_t(plan_.classes)}, i);
        outputs.push_back(compare(expect_name_, computed.logits, doubles(logits)));
        if (i == 0) all.expected.resize(outputs.size());
        for (size_t k = 0; k < outputs.size(); ++k) all.expected[k].merge(outputs[k]);
    }

    // ---- The verdict

    void add(Findings all) {
        if (!(all.logits.relative() <= request_.tolerance)) compare_passes(all);
        verdict_.text += report(all, request_.tolerance, request_.every_step);
        const std::string wrong = fault(all, request_.tolerance);
        if (!wrong.empty()) fail(wrong);
    }

    void compare_passes(Findings& all) const {
        for (size_t i = 0; i < evaluated(); ++i) {
            const std::vector<double> passed = logits_of(oracle_.passed(), doubles(image(i)));
            for (size_t k = 0; k < passed.size(); ++k) all.passes.add(passed[k], logits_[i][k]);
        }
    }

    void fail(const std::string& fault) {
        if (verdict_.passes) first_fault_ = fault;
        verdict_.passes = false;
    }

    const Request& request_;
    const inspect::Library library_;
    const Plan& plan_;
    const Oracle oracle_;
    std::optional<TensorFile> input_, expect_, outputs_;
    std::string input_name_, expect_name_;
    size_t images_ = 1;
    std::vector<std::vector<double>> logits_;  // that the network should give for the images that are evaluated
    Verdict verdict_;
    std::string first_fault_;
};

}  // namespace

Verdict verify_library(const Request& request) {
    return Verification(request).run();
}

}  // namespace senetc::verifier
