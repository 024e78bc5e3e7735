// senet's reader for --tensors: any bytes are refused with an Error that names the file, or the one tensor can be read
// to its end.
#include <vector>

#include "runtime/cli/error.h"
#include "runtime/cli/tensors/safetensors.h"
#include "tests/fuzz/memory_file.h"

using namespace senet::cli;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
    static fuzz::MemoryFile file;
    file.set(bytes, count);
    try {
        const TensorReader reader(file.path());
        const uint64_t elements = reader.tensor().bytes() / sizeof(float);
        if (elements * sizeof(float) > count) abort();
        std::vector<float> values(elements);
        reader.read(0, elements, values.data());
    } catch (const Error& error) {
        if (std::string(error.what()).find(file.path()) == std::string::npos) abort();
    }
    return 0;
}
