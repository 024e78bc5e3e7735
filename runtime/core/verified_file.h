// A file whose trailer has been checked against its contents: nothing is mapped as code, or computed with, before that.
#pragma once

#include "runtime/core/mapping.h"

namespace senet {

enum class FileKind { library, weights };

struct VerifiedFile {
    Mapping mapping;               // contents and trailer
    senet_trailer_v1_t trailer{};  // its copy; `model` is a checked, zero-terminated name
};

// Each way for a file to be wrong has its own sentence: foreign, truncated, damaged, newer, of another machine.
senet_status open_verified(const char* path, FileKind kind, VerifiedFile* file);

}  // namespace senet
