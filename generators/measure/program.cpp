#include "generators/measure/program.h"

#include <fmt/format.h>

#include <fstream>
#include <new>

#include "generators/compiler/hash.h"
#include "generators/compiler/targets.h"
#include "generators/compiler/temporary_folder.h"
#include "generators/measure/target_program.h"
#include "generators/package/link_program.h"
#include "generators/system/child_process.h"
#include "generators/system/on_one_line.h"
#include "models/error.h"

namespace fs = std::filesystem;

namespace senetc::measure {
namespace {

const std::string kRefused = "refused: ";

// In a child: what Halide says against the schedule is told from trouble with the cache.
void emit_into_cache(const KernelSpec& spec, const KernelCache& cache) {
    EmittedKernel kernel;
    try {
        kernel = emit_kernel(spec.stage, spec.schedule, spec.target, spec.symbol(), spec.weights_folder);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        throw Error(kRefused + error.what());
    }
    cache.store(spec, kernel);
}

std::string_view bytes_of(const std::vector<double>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)};
}

// Values, then bounds, of the result's shape; false when the file isn't there or not whole.
bool read_result(const fs::path& path, oracle::Expected& result) {
    std::ifstream file(path, std::ios::binary);
    for (std::vector<double>* values : {&result.value.values, &result.bound.values})
        file.read(reinterpret_cast<char*>(values->data()),
                  static_cast<std::streamsize>(values->size() * sizeof(double)));
    return bool(file);
}

EmittedKernel cached(const KernelSpec& spec, const KernelCache& cache) {
    std::optional<EmittedKernel> kernel = cache.find(spec);
    if (!kernel)
        throw Error(
            fmt::format("{}: a kernel vanished from the cache; is its limit too small?", cache.folder().string()));
    return std::move(*kernel);
}

}  // namespace

std::optional<CompileFailure> compile(const KernelSpec& spec, const KernelCache& cache, const CompileLimits& limits) {
    if (cache.find(spec)) return std::nullopt;
    ChildProcess child([&] { emit_into_cache(spec, cache); }, static_cast<unsigned>(limits.seconds),
                       limits.memory_bytes);
    const std::string sentence = on_one_line(child.wait());
    switch (child.end()) {
        case ChildProcess::End::well:
            return std::nullopt;
        case ChildProcess::End::timed_out:
            return CompileFailure{CompileFailure::timed_out, "compiling it " + sentence};
        case ChildProcess::End::died:
            return CompileFailure{CompileFailure::crashed, sentence};
        case ChildProcess::End::threw:
            break;
    }
    if (!sentence.starts_with(kRefused)) throw Error(sentence);
    return CompileFailure{CompileFailure::refused, sentence.substr(kRefused.size())};
}

oracle::Expected expected_result(const Stage& stage, const Schedule& schedule, const fs::path& folder) {
    const std::string key = fmt::format("{} | m={}", to_string(stage), winograd_tile(schedule));
    const fs::path path = folder / (hash_hex(key) + ".expected");
    const oracle::Array empty(oracle::logical_shape(stage, "output"));
    oracle::Expected result{empty, empty};
    if (read_result(path, result)) return result;
    result = oracle::evaluate_result(stage, schedule, job_arguments(stage, schedule));
    write_temporary(path, std::string(bytes_of(result.value.values)).append(bytes_of(result.bound.values)));
    return result;
}

void make_program(const KernelSpec& candidate, const KernelSpec& incumbent, const KernelCache& cache,
                  oracle::Expected result, JobOptions options, const fs::path& program) {
    const VariantInfo& variant = find_variant(candidate.target.variant);
    options.cpu_features = variant.cpu_features;
    const EmittedKernel tried = cached(candidate, cache), hand = cached(incumbent, cache);
    const auto part = [&](const char* name) { return program.string() + "." + name; };
    package::ProgramInput input;
    input.program = program;
    input.objects = {part("harness.o"), part("candidate.o")};
    write_temporary(input.objects[0], target_program("measure_stage", target_of(variant).name));
    write_temporary(input.objects[1], tried.object);
    if (candidate.symbol() != incumbent.symbol()) {
        input.objects.push_back(part("incumbent.o"));
        write_temporary(input.objects[2], hand.object);
    }
    input.aliases = {{"senetc_candidate", candidate.symbol() + "_argv"},
                     {"senetc_incumbent", incumbent.symbol() + "_argv"}};
    input.files = {{"senetc_job", part("job")}};
    write_temporary(input.files[0].path,
                    make_job(candidate.stage, {candidate.schedule, tried.scratch_bytes},
                             {incumbent.schedule, hand.scratch_bytes}, std::move(result), options));
    package::link_program(input);
    for (const std::string& object : input.objects) fs::remove(object);
    fs::remove(input.files[0].path);
}

}  // namespace senetc::measure
