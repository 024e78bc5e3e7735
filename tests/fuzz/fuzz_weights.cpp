// senetc's safetensors reader: any bytes are refused with an Error that names the file, or every tensor's values can be
// read and have the number that its shape says.
#include <fmt/format.h>

#include "models/error.h"
#include "models/weights/safetensors.h"
#include "tests/fuzz/memory_file.h"

using namespace senetc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
    static fuzz::MemoryFile file;
    file.set(bytes, count);
    try {
        double sum = 0;
        for (const auto& [name, tensor] : read_safetensors(file.path()).tensors) {
            const std::vector<double> values = tensor.to_doubles();
            if (int64_t(values.size()) != element_count(tensor.shape())) abort();
            for (double value : values) sum += value;
        }
        volatile double seen = sum;
        (void)seen;
    } catch (const Error& error) {
        if (!std::string(error.what()).starts_with(file.path() + ": ")) abort();
    }
    return 0;
}
