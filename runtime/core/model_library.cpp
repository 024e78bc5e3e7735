#include "runtime/core/model_library.h"

#include <dlfcn.h>
#include <cstdio>
#include <cstring>

#include "runtime/core/status.h"

namespace senet {
namespace {

constexpr size_t kMaxPath = 4096;

// dlopen looks a name without a slash up in the system's library folders; a path is always a file here.
const char* as_path(const char* path, char (&buffer)[kMaxPath]) {
    if (strchr(path, '/') != nullptr) return path;
    const int length = snprintf(buffer, sizeof(buffer), "./%s", path);
    return length < static_cast<int>(sizeof(buffer)) ? buffer : nullptr;
}

}  // namespace

senet_status load_library(const char* path, VerifiedFile* file, senet_model* model) {
    if (const senet_status status = open_verified(path, FileKind::library, file)) return status;
    char buffer[kMaxPath];
    const char* library = as_path(path, buffer);
    if (library == nullptr) return fail(SENET_INVALID_ARGUMENT, "the path %.800s... is too long", path);
    model->library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (model->library == nullptr) return fail(SENET_BAD_FILE, "%.400s can't be loaded: %.500s", path, dlerror());

    const char* name = file->trailer.model;
    char symbol[sizeof(file->trailer.model) + sizeof("senet_model_")];
    snprintf(symbol, sizeof(symbol), "senet_model_%s", name);
    void* query = dlsym(model->library, symbol);
    if (query == nullptr)
        return fail(SENET_BAD_FILE, "%.800s doesn't export %s, which its trailer names; build it again", path, symbol);
    if (const senet_status status = query_tables(path, reinterpret_cast<senet_model_query_v1_t>(query), model))
        return status;
    if (model->tables->name == nullptr || strcmp(model->tables->name, name) != 0)
        return fail(SENET_BAD_FILE, "%.800s holds another model than %s, which its trailer names; build it again", path,
                    name);
    return SENET_OK;
}

}  // namespace senet
