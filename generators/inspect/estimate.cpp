#include "generators/inspect/estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "llvm/MCA/Context.h"
#include "llvm/MCA/CustomBehaviour.h"
#include "llvm/MCA/HWEventListener.h"
#include "llvm/MCA/InstrBuilder.h"
#include "llvm/MCA/Pipeline.h"
#include "llvm/MCA/SourceMgr.h"
#include "llvm/MCA/Support.h"
#include "models/error.h"

namespace senetc::inspect {
namespace {

namespace mca = llvm::mca;

constexpr unsigned kTurns = 200;
constexpr unsigned kCallLatency = 100;
constexpr double kSaturated = 0.9;  // of the cycles, from which on a port or the dispatch is what bounds the loop

// How many cycles each port was busy, and how many micro-operations were dispatched.
class PortUse : public mca::HWEventListener {
  public:
    explicit PortUse(const llvm::MCSchedModel& model) : model_(model) {}

    void onEvent(const mca::HWInstructionEvent& event) override {
        if (event.Type == mca::HWInstructionEvent::Dispatched)
            dispatched_ += static_cast<const mca::HWInstructionDispatchedEvent&>(event).MicroOpcodes;
        if (event.Type != mca::HWInstructionEvent::Issued) return;
        for (const mca::ResourceUse& use : static_cast<const mca::HWInstructionIssuedEvent&>(event).UsedResources) {
            const double cycles = double(use.second.getNumerator()) / use.second.getDenominator();
            busy_[use.first] += cycles;
        }
    }

    std::string bottleneck(double cycles) const {
        const auto less = [](const auto& a, const auto& b) { return a.second < b.second; };
        const auto port = std::max_element(busy_.begin(), busy_.end(), less);
        if (port != busy_.end() && port->second > kSaturated * cycles)
            return fmt::format("port {}, busy {:.0f} % of the time",
                               model_.getProcResource(unsigned(port->first.first))->Name, 100 * port->second / cycles);
        if (dispatched_ > kSaturated * cycles * model_.IssueWidth)
            return fmt::format("dispatch: {:.1f} micro-operations a cycle of {}", dispatched_ / cycles,
                               model_.IssueWidth);
        return "latency: instructions wait for each other's results";
    }

  private:
    const llvm::MCSchedModel& model_;
    std::map<mca::ResourceRef, double> busy_;  // by resource and its unit
    double dispatched_ = 0;
};

using Instructions = std::vector<std::unique_ptr<mca::Instruction>>;

// As the simulation knows instructions. Those without a description are left out.
Instructions described(const std::vector<Instruction>& loop, const Machine& machine, mca::InstrBuilder& builder) {
    const std::unique_ptr<mca::InstrPostProcess> post(
        machine.target->createInstrPostProcess(*machine.subtarget, *machine.instructions));
    Instructions result;
    for (const Instruction& instruction : loop) {
        auto made = builder.createInstruction(instruction.code, {});
        if (!made) {
            llvm::consumeError(made.takeError());
            continue;
        }
        if (post) post->postProcessInstruction(*made, instruction.code);
        result.push_back(std::move(*made));
    }
    return result;
}

bool shares_model(const Machine& machine, const char* cpu) {
    if (!machine.subtarget->isCPUStringValid(cpu)) return false;
    return machine.subtarget->getSchedModelForCPU(cpu).ProcResourceTable ==
           machine.subtarget->getSchedModel().ProcResourceTable;
}

std::unique_ptr<mca::CustomBehaviour> behaviour(const Machine& machine, const mca::SourceMgr& source) {
    std::unique_ptr<mca::CustomBehaviour> own(
        machine.target->createCustomBehaviour(*machine.subtarget, source, *machine.instructions));
    if (own) return own;
    return std::make_unique<mca::CustomBehaviour>(*machine.subtarget, source, *machine.instructions);
}

}  // namespace

Estimate estimate(const std::vector<Instruction>& loop, const Machine& machine) {
    const llvm::MCSubtargetInfo& cpu = *machine.subtarget;
    if (!cpu.getSchedModel().hasInstrSchedModel())
        throw Error(fmt::format("--cpu {}: LLVM knows this CPU's instructions, but not how long they take",
                                cpu.getCPU().str()));
    const mca::InstrumentManager none(cpu, *machine.instructions);
    mca::InstrBuilder builder(cpu, *machine.instructions, *machine.registers, machine.analysis.get(), none,
                              kCallLatency);
    const Instructions instructions = described(loop, machine, builder);
    if (instructions.empty()) throw Error("there is nothing to estimate: the CPU's model has none of the instructions");
    mca::CircularSourceMgr source(instructions, kTurns);
    const auto custom = behaviour(machine, source);
    mca::Context context(*machine.registers, cpu);
    const mca::PipelineOptions options(0, 0, 0, 0, 0, 0, /*NoAlias=*/true);  // 0: the CPU's own
    const auto pipeline = cpu.getSchedModel().isOutOfOrder() ? context.createDefaultPipeline(options, source, *custom)
                                                             : context.createInOrderPipeline(options, source, *custom);
    PortUse use(cpu.getSchedModel());
    pipeline->addEventListener(&use);
    auto cycles = pipeline->run();
    if (!cycles) throw Error(fmt::format("LLVM's simulation failed: {}", llvm::toString(cycles.takeError())));
    return {double(*cycles) / kTurns, use.bottleneck(*cycles), int(loop.size() - instructions.size())};
}

std::vector<std::string> trust(const Machine& machine) {
    const std::string cpu = machine.subtarget->getCPU().str();
    std::vector<std::string> sentences = {
        "This is LLVM's model of the CPU, in which caches always hit and branches are always foreseen: it tells a loop",
        "that is bound by multiply-adds from one that isn't, but doesn't rank schedules."};
    for (const char* owner : {"cortex-a57", "znver4"})
        if (cpu != owner && shares_model(machine, owner))
            sentences.push_back(fmt::format("LLVM has no model of {} and takes {}'s.", cpu, owner));
    if (cpu == "sapphirerapids" || cpu == "icelake-server")
        sentences.push_back("It has one unit for 512-bit multiply-adds, where these have two: try skylake-avx512.");
    if (cpu == "znver4") sentences.push_back("Of a loop that took 28 cycles on Zen 4 it said 42.");
    return sentences;
}

}  // namespace senetc::inspect
