// Tables that a broken compiler might emit are refused with a sentence.
#include <doctest/doctest.h>

#include <vector>

#include "runtime/core/check_tables.h"
#include "tests/runtime/support/handles.h"
#include "tests/runtime/toy/toy.h"

using namespace senetc;

namespace {

// The toy's plain variant in tables that can be changed.
struct Tables {
    senet_model_v1_t model = *senet_model_toy(1);
    senet_variant_v1_t variant = model.variants[1];
    std::vector<senet_buffer_v1_t> buffers{variant.buffers, variant.buffers + variant.num_buffers};
    std::vector<senet_step_v1_t> steps{variant.steps, variant.steps + variant.num_steps};

    senet_status check() {
        variant.buffers = buffers.data();
        variant.steps = steps.data();
        const senet_status status = senet::check_model(model);
        return status ? status : senet::check_variant(model, variant);
    }
    bool refused(const char* words) {
        const senet_status status = check();
        INFO(senet_last_message());
        CHECK(std::string(senet_last_message()).find(words) != std::string::npos);
        return status == SENET_BAD_FILE;
    }
};

template <typename Change>
bool refused(const char* words, Change change) {
    Tables tables;
    change(tables);
    return tables.refused(words);
}

}  // namespace

TEST_CASE("the toy's tables are right") {
    CHECK(Tables().check() == SENET_OK);
}

TEST_CASE("a newer model's tables are incompatible") {
    Tables tables;
    tables.model.abi_version = 2;
    CHECK(tables.check() == SENET_INCOMPATIBLE);
}

TEST_CASE("a model without version, variants or input is refused") {
    CHECK(refused("no version", [](Tables& t) { t.model.abi_version = 0; }));
    CHECK(refused("no variants", [](Tables& t) { t.model.num_variants = 0; }));
    CHECK(refused("empty input", [](Tables& t) { t.model.width = 0; }));
}

TEST_CASE("wrong buffers are refused") {
    CHECK(refused("dimensions", [](Tables& t) { t.buffers[3].dimensions = 9; }));
    CHECK(refused("dimensions", [](Tables& t) { t.buffers[3].dimensions = 0; }));
    CHECK(refused("extent", [](Tables& t) { t.buffers[3].dim[1].extent = 0; }));
    CHECK(refused("type", [](Tables& t) { t.buffers[3].type_bits = 16; }));
    CHECK(refused("storage", [](Tables& t) { t.buffers[3].storage = 4; }));
    CHECK(refused("outside", [](Tables& t) { t.buffers[3].offset = t.variant.arena_bytes; }));
    CHECK(refused("outside", [](Tables& t) { t.buffers[3].offset = UINT64_MAX; }));
    CHECK(refused("outside", [](Tables& t) { t.buffers[13].dim[0].extent += 1; }));  // past the weights
}

TEST_CASE("views that leave their storage in a later image, or by numbers that overflow, are refused") {
    CHECK(refused("outside", [](Tables& t) { t.buffers[3].dim[4].stride = INT32_MAX; }));
    CHECK(refused("outside", [](Tables& t) {
        for (senet_dim_v1_t& dim : t.buffers[3].dim) dim.extent = dim.stride = INT32_MAX;
        t.buffers[3].dim[4].extent = 1;
    }));
    CHECK(refused("outside", [](Tables& t) { t.buffers[0].dim[0].extent += 1; }));  // past the caller's image
    CHECK(refused("outside", [](Tables& t) { t.buffers[2].dim[1].extent = 3; }));   // past scale and shift
    CHECK(refused("outside", [](Tables& t) { t.buffers[12].batched = 1, t.buffers[12].dim[0].extent = 1; }));
    CHECK(refused("more than one image", [](Tables& t) { t.buffers[3].dim[4].extent = 2; }));
    CHECK(refused("unknown form", [](Tables& t) { t.buffers[0].batched = 0; }));
    CHECK(refused("aligned", [](Tables& t) { t.buffers[3].start -= 2; }));
}

TEST_CASE("a step that reads images that aren't bound for it is refused") {
    CHECK(refused("isn't its own", [](Tables& t) { t.variant.ingest[0].first_arg = 3; }));  // bytes where floats come
    CHECK(refused("isn't its own", [](Tables& t) { t.steps[1].first_arg = 0; }));
}

TEST_CASE("a model with numbers above every limit, or without its names and tables, is refused") {
    CHECK(refused("more than 65536", [](Tables& t) { t.model.channels = UINT32_MAX; }));
    CHECK(refused("more than 65536", [](Tables& t) { t.model.classes = UINT32_MAX; }));
    CHECK(refused("huge size", [](Tables& t) { t.model.preprocess.resize = UINT32_MAX; }));
    CHECK(refused("lacks a name", [](Tables& t) { t.model.producer = nullptr; }));
}

TEST_CASE("wrong steps are refused") {
    CHECK(refused("no kernel", [](Tables& t) { t.steps[1].entry = nullptr; }));
    CHECK(refused("outside the table", [](Tables& t) { t.steps[1].first_arg = 1000; }));
    CHECK(refused("outside the table", [](Tables& t) { t.steps[1].num_args = UINT32_MAX; }));
    CHECK(refused("no output", [](Tables& t) { t.steps[1].num_outputs = 0; }));
    CHECK(refused("no output", [](Tables& t) { t.steps[1].num_outputs = t.steps[1].num_args + 1; }));
    CHECK(refused("no buffer", [](Tables& t) { t.steps[0].halo = 1000; }));
    CHECK(refused("unknown form", [](Tables& t) { t.steps[0].halo = 0; }));
    CHECK(refused("unknown form", [](Tables& t) { t.steps[0].interior_width = 10; }));
    CHECK(refused("logits", [](Tables& t) { t.variant.logits = 3; }));
}

TEST_CASE("code for GPUs that isn't there is refused, and so is an unknown device") {
    static const uint8_t kCubin[4] = {};
    static const senet_gpu_code_v1_t kWhole = {8, 0, kCubin, sizeof kCubin}, kEmpty = {8, 0, kCubin, 0},
                                     kMissing = {8, 0, nullptr, 4};
    const auto with = [](const senet_gpu_code_v1_t* code) {
        return [code](Tables& t) {
            t.steps[1].gpu_code = code;
            t.steps[1].num_gpu_code = 1;
        };
    };
    for (const senet_gpu_code_v1_t* code : {static_cast<const senet_gpu_code_v1_t*>(nullptr), &kEmpty, &kMissing})
        CHECK(refused("lacks code", with(code)));
    Tables whole;
    with (&kWhole)(whole);
    CHECK(whole.check() == SENET_OK);
    CHECK(refused("unknown kind of device", [](Tables& t) { t.variant.device = 2; }));
}
