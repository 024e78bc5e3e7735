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

// What loading from a file and linking in share: `load` sets the tables.
template <typename Load>
senet_status open_model(const char* path, const senet_model_options* options, senet_model** result, Load load) {
    VerifiedFile file;
    if (result == nullptr) return fail(SENET_INVALID_ARGUMENT, "model is NULL: give a place for the result");
    *result = nullptr;
    if (options == nullptr) options = &kDefaults;
    Owned<senet_model> model(make<senet_model>());
    if (model.get() == nullptr) return fail(SENET_OUT_OF_MEMORY, "no memory for a model");
    if (const senet_status status = load(&file, model.get())) return status;
    const senet_model_v1_t& tables = *model.get()->tables;
    if (const senet_status status = check_model(tables)) return status;
    if (const senet_status status = choose_device(tables, *options, model.get())) return status;
    if (const senet_status status = check_variant(tables, *model.get()->variant)) return status;
    if (const senet_status status = find_weights(path, &file.mapping, options->weights_path, model.get()))
        return status;
    cuda::Model* gpu = model.get()->gpu;
    const senet_status status = gpu ? cuda::upload_weights(model.get()->weights, tables.weights_bytes, gpu) : SENET_OK;
    if (status == SENET_OK) *result = model.release();
    return status;
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

extern "C" const senet_model_v1_t* senet_model_describe(const senet_model* model) {
    return model ? model->tables : nullptr;
}

extern "C" const senet_variant_v1_t* senet_model_variant(const senet_model* model) {
    return model ? model->variant : nullptr;
}

extern "C" const char* senet_model_device(const senet_model* model) {
    if (model == nullptr) return nullptr;
    return model->gpu ? model->gpu->description : "cpu";
}

extern "C" void senet_model_close(senet_model* model) {
    senet::destroy(model);
}
