// The element types of safetensors files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace senetc {

// Bytes of one element; 0 for a name that isn't a type.
int dtype_bytes(const std::string& dtype);
bool is_floating(const std::string& dtype);  // one that to_floats reads

// `count` elements at `bytes`, which need not be aligned: F16, BF16 and F32 exactly, F64 rounded to the nearest float.
std::vector<float> to_floats(const std::string& dtype, const char* bytes, int64_t count);

}  // namespace senetc
