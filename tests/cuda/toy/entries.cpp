// Host code as Halide's is: it loads its module, launches, and doesn't look at what these calls return.
#include "tests/cuda/toy/entries.h"

#include <string>

#include "tests/cuda/toy/gpu_toy.h"
#include "tests/runtime/toy/toy.h"

namespace gpu_toy {
namespace {

using Buffer = senet_kernel_buffer_v1_t;

const char* const kNames[kNumCalls] = {"ingest_f32", "ingest_u8", "conv", "box", "box", "squeeze", "dense"};
Behaviour behaviour = Behaviour::right;

std::string declare(const std::string& kernel, uint32_t addresses) {
    std::string text = ".visible .entry " + kernel + "(\n";
    for (uint32_t i = 0; i < addresses; ++i) text += "    .param .u64 " + kernel + "_" + std::to_string(i) + ",\n";
    return text + "    .param .u32 " + kernel + "_images\n)\n{ ret; }\n";
}

std::string make_ptx(uint32_t call) {
    const std::string name = kNames[call], head = ".version 6.0\n.target sm_70\n.address_size 64\n";
    if (call == kBox1 || call == kBox2) return head + declare("box_columns", 2) + declare("box_rows", 2);
    const bool has_two = name == "squeeze";
    return head + declare(name, has_two ? 2 : 3);
}

int images(void** args) {
    const Buffer& last = *static_cast<Buffer*>(args[0]);
    return last.dim[last.dimensions - 1].extent;
}

// Buffers' addresses, then the number of images.
struct Launch {
    senet_gpu_context_v1_t* context;
    void* state;
    int batch;

    void operator()(const char* kernel, Buffer* const* buffers, uint32_t count, int shared_bytes = 0) {
        size_t sizes[8] = {};
        void* args[8] = {};
        int8_t is_buffer[8] = {};
        for (uint32_t i = 0; i < count; ++i) sizes[i] = 8, args[i] = buffers[i], is_buffer[i] = 1;
        sizes[count] = sizeof(batch);
        args[count] = &batch;
        context->launch(context, state, kernel, batch, 1, 1, 32, 1, 1, shared_bytes, sizes, args, is_buffer);
    }
};

void* loaded(void** state) {
    return __atomic_load_n(state, __ATOMIC_RELAXED);
}

template <uint32_t call>
int entry(void** args) {
    static void* state = nullptr;
    const uint32_t count = call == 5 ? 2 : 3;
    auto* context = static_cast<senet_gpu_context_v1_t*>(*static_cast<void**>(args[0]));
    context->load(context, &state, ptx_of(call), 0);
    Buffer* buffers[3];
    for (uint32_t i = 0; i < count; ++i) buffers[i] = static_cast<Buffer*>(args[i + 1]);
    Launch{context, loaded(&state), images(args + 1)}(kNames[call], buffers, count, call == 6 ? 64 << 10 : 0);
    return 0;
}

template <uint32_t call>
int box_entry(void** args) {
    static void* state = nullptr;
    const Behaviour now = call == kBox1 ? behaviour : Behaviour::right;
    auto* context = static_cast<senet_gpu_context_v1_t*>(*static_cast<void**>(args[0]));
    if (now == Behaviour::returns_seven) return 7;
    context->load(context, &state, ptx_of(call), 0);
    Buffer *in = static_cast<Buffer*>(args[1]), *out = static_cast<Buffer*>(args[2]);
    const int batch = images(args + 1), greed = now == Behaviour::uncountable_scratch                  ? 20'000'000
                                                : now == Behaviour::more_scratch_for_one && batch == 1 ? 100
                                                                                                       : 1;
    senet_dim_v1_t dims[] = {{-1, toy::kWidth + 2, 1, 0},
                             {0, toy::kHeight * toy::kFeatures * greed, toy::kWidth + 2, 0},
                             {0, batch, toy::kHeight * toy::kFeatures * (toy::kWidth + 2), 0}};
    Buffer columns{0, nullptr, nullptr, 0, 2, 32, 1, 3, dims, nullptr};
    context->allocate(context, &columns);
    Launch launch{context, now == Behaviour::launches_unloaded ? &columns : loaded(&state), batch};
    Buffer *first[] = {in, &columns}, *second[] = {&columns, out};
    launch("box_columns", first, 2);
    launch("box_rows", second, 2);
    context->release(context, &columns);
    return 0;
}

}  // namespace

void behave(Behaviour wanted) {
    behaviour = wanted;
}

senet_kernel_v1_t entry_of(uint32_t call) {
    static constexpr senet_kernel_v1_t kEntries[kNumCalls] = {entry<0>,         entry<1>, entry<2>, box_entry<kBox1>,
                                                              box_entry<kBox2>, entry<5>, entry<6>};
    return kEntries[call];
}

// Like kernels with equal stages, both boxes have one.
const char* ptx_of(uint32_t call) {
    static const std::string texts[] = {make_ptx(0), make_ptx(1), make_ptx(2), make_ptx(3),
                                        "",          make_ptx(5), make_ptx(6)};
    return texts[call == kBox2 ? kBox1 : call].c_str();
}

}  // namespace gpu_toy
