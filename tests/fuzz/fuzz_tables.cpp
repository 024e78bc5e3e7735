// A model's tables with any of their numbers changed: refused with a sentence, or a session opens, runs, and every
// element of every view that a kernel could touch lies inside its storage. Starts from the hand-made toy model, whose
// kernels are stubs here. The arrays' addresses and lengths are the linker's, and trusted.
#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "runtime/core/check_tables.h"
#include "runtime/core/session.h"
#include "senet/senet.h"
#include "tests/runtime/toy/kernels.h"
#include "tests/runtime/toy/toy.h"

namespace toy {
int ingest_f32(void**) {
    return 0;
}
int ingest_u8(void**) {
    return 0;
}
int conv(void**) {
    return 0;
}
int box(void**) {
    return 0;
}
int box_greedy(void**) {
    return 0;
}
int box_failing(void**) {
    return 0;
}
int squeeze(void**) {
    return 0;
}
int dense(void**) {
    return 0;
}
}  // namespace toy

namespace {

constexpr size_t kMaxBytes = 1 << 20;  // of a session or a batch: more is legal, and slow

struct Tables {
    senet_model_v1_t model = *senet_model_toy(1);
    senet_variant_v1_t variant = model.variants[1];
    std::vector<senet_buffer_v1_t> buffers{variant.buffers, variant.buffers + variant.num_buffers};
    std::vector<senet_step_v1_t> steps{variant.steps, variant.steps + variant.num_steps};
    std::vector<uint32_t> args{variant.args, variant.args + variant.num_args};

    Tables() {
        variant.buffers = buffers.data();
        variant.steps = steps.data();
        variant.args = args.data();
        model.variants = &variant;
        model.num_variants = 1;
    }
};

template <typename T>
void set_number(FuzzedDataProvider& data, T& number) {
    number = data.ConsumeBool() ? data.ConsumeIntegral<T>()
                                : T(uint64_t(number) + uint64_t(data.ConsumeIntegralInRange<int>(-2, 2)));
}

void edit(FuzzedDataProvider& data, senet_buffer_v1_t& buffer) {
    senet_dim_v1_t& dim = buffer.dim[data.ConsumeIntegralInRange<int>(0, SENET_MAX_DIMS - 1)];
    uint32_t* words[] = {&buffer.storage, &buffer.type_code, &buffer.type_bits, &buffer.dimensions, &buffer.batched};
    int32_t* extents[] = {&dim.min, &dim.extent, &dim.stride};
    switch (data.ConsumeIntegralInRange<int>(0, 3)) {
        case 0:
            return set_number(data, *data.PickValueInArray(words));
        case 1:
            return set_number(data, buffer.offset);
        case 2:
            return set_number(data, buffer.start);
        default:
            return set_number(data, *data.PickValueInArray(extents));
    }
}

void edit(FuzzedDataProvider& data, senet_step_v1_t& step) {
    uint32_t* words[] = {&step.first_arg, &step.num_args, &step.halo,  &step.interior_width, &step.interior_height,
                         &step.channels,  &step.height,   &step.width, &step.num_outputs};
    if (data.ConsumeIntegralInRange<int>(0, 15) == 0) step.entry = nullptr;
    if (data.ConsumeIntegralInRange<int>(0, 15) == 0) step.name = nullptr;
    set_number(data, *data.PickValueInArray(words));
}

void edit(FuzzedDataProvider& data, Tables& tables) {
    uint32_t* words[] = {&tables.model.channels, &tables.model.height, &tables.model.width, &tables.model.classes,
                         &tables.variant.logits};
    uint64_t* longs[] = {&tables.variant.arena_bytes, &tables.variant.scratch_bytes};
    switch (data.ConsumeIntegralInRange<int>(0, 9)) {
        case 0:
            return set_number(data, *data.PickValueInArray(words));
        case 1:
            return set_number(data, *data.PickValueInArray(longs));
        case 2:
            return set_number(data, tables.args[data.ConsumeIntegralInRange<size_t>(0, tables.args.size() - 1)]);
        case 3:
            return edit(data, tables.variant.ingest[data.ConsumeBool()]);
        case 4:
        case 5:
            return edit(data, tables.steps[data.ConsumeIntegralInRange<size_t>(0, tables.steps.size() - 1)]);
        default:
            return edit(data, tables.buffers[data.ConsumeIntegralInRange<size_t>(0, tables.buffers.size() - 1)]);
    }
}

// The weights where sanitizers watch their ends.
struct Weights {
    std::unique_ptr<uint8_t, decltype(&free)> bytes;
    explicit Weights(const senet_model_v1_t& model)
        : bytes(static_cast<uint8_t*>(aligned_alloc(128, (model.weights_bytes + 127) / 128 * 128)), free) {
        std::memcpy(bytes.get(), model.weights, model.weights_bytes);
    }
};

void touch(uint8_t* first, uint8_t* last, const senet_buffer_v1_t& view) {
    volatile uint8_t seen = *first;
    seen = *last;
    if (view.storage != SENET_STORAGE_ARENA) return;
    *first = seen;
    *last = 0;
}

void touch_view(const senet_session& session, const senet_buffer_v1_t& view, const senet_kernel_buffer_v1_t& buffer) {
    if (buffer.host == nullptr) return;  // the other ingest's image
    int64_t last = 0;
    for (int d = 0; d < buffer.dimensions; ++d) last += int64_t{buffer.dim[d].extent - 1} * buffer.dim[d].stride;
    uint8_t* end = buffer.host + (last + 1) * (buffer.type_bits / 8);
    if (view.storage == SENET_STORAGE_ARENA &&
        (buffer.host < session.arena || end > session.arena + session.variant->arena_bytes * session.max_batch))
        abort();
    touch(buffer.host, end - 1, view);
}

void check_status(senet_status status) {
    if (status != SENET_OK && std::strlen(senet_last_message()) < 10) abort();
}

void run(const Tables& tables, const senet_model& model, uint32_t batch) {
    const float mean[4] = {}, deviation[4] = {1, 1, 1, 1};
    senet_session_options options{};
    options.max_batch = batch;
    options.threads = 1;
    if (tables.model.channels <= 4) options.mean = mean, options.deviation = deviation;
    size_t bytes = 0;
    const senet_status planned = senet_session_arena_bytes(&model, &options, &bytes);
    check_status(planned);
    const uint64_t pixels = uint64_t{tables.model.channels} * tables.model.height * tables.model.width;
    if (planned != SENET_OK || bytes > kMaxBytes || pixels > kMaxBytes || tables.model.classes > kMaxBytes) return;

    const std::unique_ptr<void, decltype(&free)> arena(aligned_alloc(SENET_ARENA_ALIGNMENT, bytes), free);
    options.arena = arena.get();
    options.arena_bytes = bytes;
    senet_session* session = nullptr;
    check_status(senet_session_open(&model, &options, &session));
    if (session == nullptr) abort();
    std::vector<float> images(pixels * batch), logits(size_t{tables.model.classes} * batch);
    const std::vector<uint8_t> u8(pixels * batch);
    check_status(senet_session_run_f32(session, batch, images.data(), logits.data()));
    check_status(senet_session_run_u8(session, batch, u8.data(), logits.data()));
    for (uint32_t i = 0; i < tables.variant.num_buffers; ++i)
        if (tables.buffers[i].storage != SENET_STORAGE_INPUT)
            touch_view(*session, tables.buffers[i], session->buffers[i]);
    for (const senet_step_v1_t& step : tables.variant.ingest) {
        const bool bytes_in = &step == &tables.variant.ingest[1];
        if (bytes_in)
            senet_session_run_u8(session, batch, u8.data(), logits.data());
        else
            senet_session_run_f32(session, batch, images.data(), logits.data());
        for (uint32_t i = 0; i < step.num_args; ++i) {
            const uint32_t index = tables.args[step.first_arg + i];
            touch_view(*session, tables.buffers[index], session->buffers[index]);
        }
    }
    senet_session_close(session);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
    FuzzedDataProvider data(bytes, count);
    Tables tables;
    const uint32_t batch = data.ConsumeIntegralInRange<uint32_t>(1, 3);
    for (int edits = 0; edits < 8 && data.remaining_bytes() > 0; ++edits) edit(data, tables);
    if (tables.model.classes != toy::kClasses) tables.model.labels = nullptr;
    const Weights weights(tables.model);
    senet_status status = senet::check_model(tables.model);
    if (status == SENET_OK) status = senet::check_variant(tables.model, tables.variant);
    check_status(status);
    if (status != SENET_OK) return 0;
    senet_model model;
    model.tables = &tables.model;
    model.variant = &tables.variant;
    model.weights = weights.bytes.get();
    run(tables, model, batch);
    return 0;
}
