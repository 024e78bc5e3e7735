// Writes the weights files of libraries that were built with --weights-beside and weights by formula, byte for byte as
// senetc wrote them, so that only the libraries travel:
//     write_weights gpu-bundle/libse_resnet50.so ...
// A library carries its network and every step's schedule, hence its weights' layouts.
#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <stdexcept>

#include "generators/compiler/packed_weights.h"
#include "generators/compiler/planned_schedules.h"
#include "generators/package/steps.h"
#include "generators/system/whole_file.h"
#include "models/error.h"
#include "models/graph/parse.h"
#include "models/passes/passes.h"
#include "models/weights/formula.h"

namespace fs = std::filesystem;
using namespace senetc;

namespace {

// Its tables stay loaded.
const senet_model_v1_t& load(const fs::path& library) {
    void* handle = dlopen(fs::absolute(library).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) throw Error(dlerror());
    const std::string stem = library.stem(), name = stem.starts_with("lib") ? stem.substr(std::strlen("lib")) : stem;
    const auto query = reinterpret_cast<senet_model_query_v1_t>(dlsym(handle, package::query_symbol(name).c_str()));
    const senet_model_v1_t* model = query ? query(SENET_MODEL_ABI_VERSION) : nullptr;
    if (model == nullptr) throw Error(fmt::format("{}: no lib<name>.so of senetc's", library.string()));
    if (model->weights_file == nullptr)
        throw Error(fmt::format("{}: has its weights inside; build it with --weights-beside", library.string()));
    return *model;
}

std::vector<uint8_t> pack(const senet_model_v1_t& model) try {
    const Graph passed = run_passes(bind_formula_weights(parse_graph(model.graph, model.name)));
    PackedWeights weights;
    for (uint32_t v = 0; v < model.num_variants; ++v) {
        const senet_variant_v1_t& variant = model.variants[v];
        PlannedSchedules schedules;
        for (const senet_step_v1_t& step : variant.ingest) schedules.add(step.name, step.kernel, step.schedule);
        for (uint32_t i = 0; i < variant.num_steps; ++i)
            schedules.add(variant.steps[i].name, variant.steps[i].kernel, variant.steps[i].schedule);
        for (const LoweredStep& step : lower(passed, schedules).steps) weights.add(step);
    }
    return weights.bytes();
} catch (const std::logic_error&) {  // steps that the plan hasn't, numbers that stages or schedules haven't
    throw Error(
        fmt::format("{}: its steps aren't those that this program makes of its network: build both of one "
                    "version, and the library without --without",
                    model.name));
}

void write_weights(const fs::path& library) {
    const senet_model_v1_t& model = load(library);
    const std::vector<uint8_t> weights = pack(model);
    const fs::path path = library.parent_path() / model.weights_file;
    if (const std::error_code error =
            write_whole(path, {reinterpret_cast<const char*>(weights.data()), weights.size()}))
        throw Error(fmt::format("can't write '{}' ({})", path.string(), error.message()));
    const package::FileHash written = package::hash_file(path);
    if (std::memcmp(written.hash, model.weights_hash, sizeof written.hash) != 0) {
        fs::remove(path);
        throw Error(fmt::format("{}: its weights aren't those by formula, or it is of another build than this program",
                                library.string()));
    }
    package::append_trailer(path, SENET_MAGIC_WEIGHTS, model.name);
}

}  // namespace

int main(int argc, char** argv) try {
    for (int i = 1; i < argc; ++i) write_weights(argv[i]);
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "write_weights: {}\n", error.what());
    return 2;
}
