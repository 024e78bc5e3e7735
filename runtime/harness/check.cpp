#include "runtime/harness/check.h"

#include <cstring>

#include "runtime/harness/compare.h"
#include "runtime/harness/report.h"

namespace senet {
namespace {

constexpr int kUnknown = -1;

// The output's number, or kUnknown when the argument is none.
int output_number(const Call& call, uint32_t argument) {
    int number = 0;
    for (uint32_t i = 0; i < argument; ++i) number += call.storage_of(i).role == SENETC_JOB_OUTPUT;
    return call.storage_of(argument).role == SENETC_JOB_OUTPUT ? number : kUnknown;
}

uint8_t* memory_of(const Call& call, const Arena& arena, uint32_t argument) {
    return arena.storage(call.job().arguments()[call.kernel().first_arg + argument].storage);
}

// One output of the first image, and what lies behind the output's last.
double check_output(const Call& call, const Arena& arena, uint32_t argument, int number) {
    const senetc_job_storage_t& storage = call.storage_of(argument);
    const auto* found = reinterpret_cast<const float*>(memory_of(call, arena, argument));
    const Difference difference = compare(found, call.job().at<float>(storage.expected),
                                          call.job().at<float>(storage.bounds), storage.bytes / sizeof(float));
    if (difference.wrong && difference.untouched)
        report_failure("wrong", "it writes %g outside output %d's map, at element %zu", double{difference.found},
                       number, difference.element);
    if (difference.wrong)
        report_failure("wrong", "element %zu of output %d is %.9g instead of %.9g, allowed is %.3g", difference.element,
                       number, double{difference.found}, double{difference.expected}, double{difference.bound});
    const size_t elements = storage_bytes(storage, arena.images()) / sizeof(float);
    if (first_touched(found + elements, kGuardElements) != kGuardElements)
        report_failure("wrong", "it writes past the end of output %d", number);
    return difference.error;
}

void compare_image(const Call& call, const Arena& together, const Arena& alone, uint32_t image) {
    for (uint32_t i = 0; i < call.kernel().num_args; ++i) {
        if (output_number(call, i) == kUnknown) continue;
        const size_t bytes = call.storage_of(i).bytes;
        if (memcmp(memory_of(call, together, i) + image * bytes, memory_of(call, alone, i) + image * bytes, bytes) != 0)
            report_failure("wrong", "image %u alone differs from itself in a batch of %u", image, together.images());
    }
}

}  // namespace

void run_checked(Call& call, const char* name) {
    now_runs(name);
    const int status = call.run();
    const char* kind = strcmp(name, "the candidate") == 0 ? "crash" : "failed";
    if (call.scratch_exceeded())
        report_failure(kind, "%s asks for more scratch than its %llu planned bytes", name,
                       static_cast<unsigned long long>(call.kernel().scratch_bytes));
    if (status != 0) report_failure(kind, "%s returned %d", name, status);
}

double check_candidate(Call& candidate, Call& alone_call, const Arena& together, const Arena& alone) {
    candidate.use(together, 0, together.images());
    run_checked(candidate, "the candidate");
    double error = 0;
    for (uint32_t i = 0; i < candidate.kernel().num_args; ++i) {
        const int number = output_number(candidate, i);
        if (number == kUnknown) continue;
        const double found = check_output(candidate, together, i, number);
        if (found > error) error = found;
    }
    for (uint32_t image = 0; image < together.images(); ++image) {
        alone_call.use(alone, image, 1);
        run_checked(alone_call, "the candidate");
        compare_image(candidate, together, alone, image);
    }
    return error;
}

}  // namespace senet
