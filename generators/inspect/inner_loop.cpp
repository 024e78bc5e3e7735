#include "generators/inspect/inner_loop.h"

#include <algorithm>
#include <cmath>

namespace senetc::inspect {
namespace {

constexpr double kTurns = 10;  // that a loop is taken to make: code alone doesn't tell

// What addresses on the stack look like: by the stack pointer, and by x86's frame pointer where the function keeps one.
std::vector<std::string> stack_addresses(const std::vector<Instruction>& function) {
    std::vector<std::string> addresses = {"[rsp", "[sp"};
    const auto keeps_frame = [](const Instruction& i) { return i.text == "mov rbp, rsp"; };
    if (std::any_of(function.begin(), function.end(), keeps_frame)) addresses.push_back("[rbp");
    return addresses;
}

// From the instruction that a branch goes back to, to that branch.
struct Span {
    size_t first, last;
};

bool holds(const Span& outer, const Span& inner) {
    return outer.first <= inner.first && inner.last <= outer.last;
}

std::vector<Span> find_loops(const std::vector<Instruction>& function) {
    std::vector<Span> loops;
    for (size_t last = 0; last < function.size(); ++last) {
        if (!function[last].target || *function[last].target > function[last].address) continue;
        const auto at_target = [&](const Instruction& i) { return i.address == *function[last].target; };
        const auto first = std::find_if(function.begin(), function.end(), at_target);
        if (first != function.end()) loops.push_back({size_t(first - function.begin()), last});
    }
    return loops;
}

InnerLoop describe(const std::vector<Instruction>& function, const Span& span) {
    const std::vector<std::string> stack = stack_addresses(function);
    InnerLoop loop{span.first, span.last};
    for (size_t i = span.first; i <= span.last; ++i) {
        const Instruction& instruction = function[i];
        ++loop.instructions;
        loop.fmas += instruction.fma;
        const bool on_stack = std::any_of(stack.begin(), stack.end(), [&](const std::string& address) {
            return instruction.text.find(address) != std::string::npos;
        });
        loop.stack_stores += on_stack && instruction.stores;
        loop.stack_loads += on_stack && instruction.loads && !instruction.stores;
    }
    return loop;
}

}  // namespace

std::optional<InnerLoop> find_inner_loop(const std::vector<Instruction>& function) {
    const std::vector<Span> loops = find_loops(function);
    std::optional<InnerLoop> best;
    for (const Span& span : loops) {
        const auto inside = [&](const Span& other) { return holds(span, other) && !holds(other, span); };
        if (std::any_of(loops.begin(), loops.end(), inside)) continue;
        InnerLoop loop = describe(function, span);
        const auto outside = [&](const Span& other) { return holds(other, span); };
        loop.work = loop.fmas * std::pow(kTurns, std::count_if(loops.begin(), loops.end(), outside));
        if (!best || loop.work > best->work) best = loop;
    }
    return best;
}

}  // namespace senetc::inspect
