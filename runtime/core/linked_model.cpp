#include "runtime/core/model_library.h"
#include "runtime/core/status.h"

namespace senet {

senet_status query_tables(const char* what, senet_model_query_v1_t query, senet_model* model) {
    model->tables = query(SENET_MODEL_ABI_VERSION);
    if (model->tables == nullptr)
        return fail(SENET_INCOMPATIBLE, "%.800s is made for a newer libsenet than %s, which knows model ABI %u", what,
                    senet_version(), SENET_MODEL_ABI_VERSION);
    return SENET_OK;
}

senet_status load_linked(senet_model_query_v1_t query, senet_model* model) {
    return query_tables("the linked model", query, model);
}

}  // namespace senet
