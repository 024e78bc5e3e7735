// The fake driver of a program that doesn't know it: FAKE_CUDA="devices=1,capability=90,version=12040,fail=7:2" says
// what machine it is and which call gives which error; at the end FAKE_CUDA_REPORT names a file for what was seen.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/cuda/fake/world.h"

namespace fake_cuda {
namespace {

void read_number(const char* text, const char* name, int* number) {
    if (const char* at = strstr(text, name)) *number = atoi(at + strlen(name));
}

struct Environment {
    Environment() {
        const char* text = getenv("FAKE_CUDA");
        if (text == nullptr) return;
        Machine& machine = world().machine;
        read_number(text, "devices=", &machine.devices);
        read_number(text, "capability=", &machine.capability);
        read_number(text, "version=", &machine.version);
        int call = 0, result = 0;
        if (const char* at = strstr(text, "fail=")) sscanf(at, "fail=%d:%d", &call, &result);
        if (call > 0) fail_call(call, result);
    }
    ~Environment() {
        const char* path = getenv("FAKE_CUDA_REPORT");
        std::FILE* file = path ? fopen(path, "w") : nullptr;
        if (file == nullptr) return;
        fprintf(file, "calls %zu\nalive %s\n", calls().size(), alive().c_str());
        for (const std::string& violation : violations()) fprintf(file, "violation %s\n", violation.c_str());
        for (const Call& call : calls()) fprintf(file, "%s %s\n", call.name.c_str(), call.detail.c_str());
        fclose(file);
    }
};
const Environment environment;

}  // namespace
}  // namespace fake_cuda
