// Finds a model's tables: in a checked file, or behind a linked-in query function.
#pragma once

#include "runtime/core/model.h"
#include "runtime/core/verified_file.h"

namespace senet {

// Sets `library` and `tables`; `file` is the checked file that they are of.
senet_status load_library(const char* path, VerifiedFile* file, senet_model* model);

// Sets `tables`; `what` names the model in a message.
senet_status query_tables(const char* what, senet_model_query_v1_t query, senet_model* model);

senet_status load_linked(senet_model_query_v1_t query, senet_model* model);

}  // namespace senet
