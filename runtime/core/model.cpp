#include "runtime/core/model.h"

#include <dlfcn.h>

#include "runtime/core/check_tables.h"
#include "runtime/core/choose_device.h"
#include "runtime/core/heap.h"
#include "runtime/core/model_library.h"
#include "runtime/core/model_weights.h"
#include "runtime/core/status.h"
#include "runtime/cuda/gpu_model.h"

senet_model::~senet_model() {
    senet::destroy(gpu);
    if (library != nullptr) dlclose(library);
}

namespace senet {
namespace {

constexpr senet_model_options kDefaults{};

// What all ways to open a model share: `load` sets the tables, `prepare` makes of them what the caller wants.
template <typename Load, typename Prepare>
senet_status make_model(senet_model** result, Load load, Prepare prepare) {
    VerifiedFile file;
    if (result == nullptr) return fail(SENET_INVALID_ARGUMENT, "model is NULL: give a place for the result");
    *result = nullptr;
    Owned<senet_model> model(make<senet_model>());
    if (model.get() == nullptr) return fail(SENET_OUT_OF_MEMORY, "no memory for a model");
    if (const senet_status status = load(&file, model.get())) return status;
    if (const senet_status status = check_model(*model.get()->tables)) return status;
    const senet_status status = prepare(&file, model.get());
    if (status == SENET_OK) *result = model.release();
    return status;
}

senet_status prepare_to_run(const char* path, const senet_model_options& options, VerifiedFile* file,
                            senet_model* model) {
    const senet_model_v1_t& tables = *model->tables;
    if (const senet_status status = choose_device(tables, options, model)) return status;
    if (const senet_status status = check_variant(tables, *model->variant)) return status;
    if (const senet_status status = find_weights(path, &file->mapping, options.weights_path, model)) return status;
    return model->gpu ? cuda::upload_weights(model->weights, tables.weights_bytes, model->gpu) : SENET_OK;
}

template <typename Load>
senet_status open_model(const char* path, const senet_model_options* options, senet_model** result, Load load) {
    return make_model(result, load, [&](VerifiedFile* file, senet_model* model) {
        return prepare_to_run(path, options ? *options : kDefaults, file, model);
    });
}

senet_status check_variants(const senet_model_v1_t& tables) {
    for (uint32_t i = 0; i < tables.num_variants; ++i)
        if (const senet_status status = check_variant(tables, tables.variants[i])) return status;
    return SENET_OK;
}

}  // namespace
}  // namespace senet

extern "C" senet_status senet_model_open(const char* path, const senet_model_options* options, senet_model** model) {
    if (path == nullptr) return senet::fail(SENET_INVALID_ARGUMENT, "path is NULL: give a senet library's");
    return senet::open_model(path, options, model,
                             [&](auto* file, auto* result) { return senet::load_library(path, file, result); });
}

extern "C" senet_status senet_model_open_linked(senet_model_query_v1_t query, const senet_model_options* options,
                                                senet_model** model) {
    if (query == nullptr) return senet::fail(SENET_INVALID_ARGUMENT, "query is NULL: give senet_model_<name>");
    return senet::open_model(nullptr, options, model,
                             [&](auto*, auto* result) { return senet::load_linked(query, result); });
}

extern "C" senet_status senet_model_read(const char* path, senet_model** model) {
    if (path == nullptr) return senet::fail(SENET_INVALID_ARGUMENT, "path is NULL: give a senet library's");
    return senet::make_model(
        model, [&](auto* file, auto* result) { return senet::load_library(path, file, result); },
        [](auto*, auto* result) { return senet::check_variants(*result->tables); });
}

extern "C" const senet_model_v1_t* senet_model_describe(const senet_model* model) {
    return model ? model->tables : nullptr;
}

extern "C" const senet_variant_v1_t* senet_model_variant(const senet_model* model) {
    return model ? model->variant : nullptr;
}

extern "C" const char* senet_model_device(const senet_model* model) {
    if (model == nullptr || model->variant == nullptr) return nullptr;
    return model->gpu ? model->gpu->description : "cpu";
}

extern "C" void senet_model_close(senet_model* model) {
    senet::destroy(model);
}
