// Calling libjpeg and libpng, which report errors by longjmp.
#pragma once

#include <csetjmp>
#include <type_traits>

#include "runtime/cli/error.h"

namespace senet::cli {

// Runs step(); a longjmp to reader.start ends it early and throws, naming the format ("JPEG"). `reader` says whether
// the file was `truncated`, else has a `message`. `step` must hold nothing that has a destructor.
template <typename Reader, typename Step>
void attempt(Reader& reader, const char* format, Step step) {
    static_assert(std::is_trivially_destructible_v<Step>);
    if (setjmp(reader.start) == 0) {
        step();
    } else if (reader.truncated) {
        throw Error("the {} is truncated", format);
    } else {
        throw Error("the {} is damaged: {}", format, static_cast<const char*>(reader.message));
    }
}

}  // namespace senet::cli
