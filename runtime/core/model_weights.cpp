#include "runtime/core/model_weights.h"

#include <dlfcn.h>
#include <link.h>
#include <cstdio>
#include <cstring>

#include "runtime/core/elf_header.h"
#include "runtime/core/status.h"
#include "runtime/core/verified_file.h"

namespace senet {
namespace {

constexpr size_t kMaxPath = 4096;
constexpr uint64_t kWeightsAlignment = 128;

// "a/b/lib.so", "net.weights" -> "a/b/net.weights"
senet_status path_beside(const char* library_path, const char* file, char (&path)[kMaxPath]) {
    const char* slash = strrchr(library_path, '/');
    const int folder = slash ? static_cast<int>(slash + 1 - library_path) : 0;
    const int length = snprintf(path, sizeof(path), "%.*s%s", folder, library_path, file);
    if (length >= static_cast<int>(sizeof(path)))
        return fail(SENET_INVALID_ARGUMENT, "the path %.800s... is too long", library_path);
    return SENET_OK;
}

senet_status map_weights(const char* path, senet_model* model) {
    VerifiedFile file;
    if (const senet_status status = open_verified(path, FileKind::weights, &file)) return status;
    const senet_model_v1_t& tables = *model->tables;
    const bool same = file.trailer.length == tables.weights_bytes && file.trailer.hash[0] == tables.weights_hash[0] &&
                      file.trailer.hash[1] == tables.weights_hash[1];
    if (!same)
        return fail(SENET_BAD_FILE,
                    "%.800s holds the weights of another build (of %s), not those that %s was built with", path,
                    file.trailer.model, tables.name);
    model->weights_file.take(file.mapping);
    model->weights = model->weights_file.data();
    return SENET_OK;
}

// The weights twice mapped: by dlopen, with pages still to be faulted in, and by the check, which has just touched them
// all. Using the latter's saves the first run those faults.
void use_own_weights(Mapping* library, senet_model* model) {
    const senet_model_v1_t& tables = *model->tables;
    model->weights = tables.weights;
    link_map* loaded = nullptr;
    if (model->library == nullptr || dlinfo(model->library, RTLD_DI_LINKMAP, &loaded) != 0) return;
    const uint64_t address = reinterpret_cast<uintptr_t>(tables.weights) - loaded->l_addr;
    const uint64_t offset = file_offset(library->data(), library->size(), address, tables.weights_bytes);
    if (offset == kNoOffset || offset % kWeightsAlignment != 0) return;
    model->weights_file.take(*library);
    model->weights = model->weights_file.data() + offset;
}

}  // namespace

senet_status find_weights(const char* library_path, Mapping* library, const char* weights_path, senet_model* model) {
    const senet_model_v1_t& tables = *model->tables;
    if (tables.weights != nullptr) {
        if (weights_path != nullptr)
            return fail(SENET_INVALID_ARGUMENT, "%s has its weights inside: weights_path must be NULL", tables.name);
        use_own_weights(library, model);
        return SENET_OK;
    }
    if (weights_path != nullptr) return map_weights(weights_path, model);
    if (library_path == nullptr || tables.weights_file == nullptr)
        return fail(SENET_INVALID_ARGUMENT, "%s has its weights in a file of their own: give weights_path",
                    tables.name);
    char path[kMaxPath];
    if (const senet_status status = path_beside(library_path, tables.weights_file, path)) return status;
    return map_weights(path, model);
}

}  // namespace senet
