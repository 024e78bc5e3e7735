/* The contract between a compiled model and libsenet: plain tables that the compiler emits and the runtime walks.
 *
 * This header stands alone: the compiler, the runtime and a stranger's tool may include it and nothing else. It is
 * versioned like a file format. A compiled model exports one function, senet_model_<name>, of type
 * senet_model_query_v1_t; everything else hangs off what that returns. All tables are constant and live as long as the
 * library stays loaded. Names ending in _v1 never change; a new field means a new struct.
 *
 * Sizes are in bytes and strides in elements unless a name says otherwise.
 */
#ifndef SENET_MODEL_ABI_H
#define SENET_MODEL_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SENET_MODEL_ABI_VERSION 1u
#define SENET_NONE UINT32_MAX
#define SENET_MAX_DIMS 8

/* ---- What a kernel is called with ------------------------------------------------------------------------------ */

/* Layout-equal to halide_dimension_t and halide_buffer_t (Halide 21), which kernels read. */
typedef struct senet_dim_v1 {
    int32_t min, extent, stride;
    uint32_t flags; /* 0 */
} senet_dim_v1_t;

typedef struct senet_kernel_buffer_v1 {
    uint64_t device;        /* 0: host memory only */
    void* device_interface; /* NULL */
    uint8_t* host;          /* address of the element whose coordinates are all `min` */
    uint64_t flags;         /* 0 */
    uint8_t type_code;      /* 2 float, 1 unsigned integer (halide_type_code_t) */
    uint8_t type_bits;      /* 32 or 8 */
    uint16_t type_lanes;    /* 1 */
    int32_t dimensions;
    senet_dim_v1_t* dim;
    void* padding; /* NULL */
} senet_kernel_buffer_v1_t;

typedef int (*senet_task_v1_t)(void* context, int index, uint8_t* closure);

/* A kernel's first argument points to a pointer to this struct (Halide's user_context). The model's own halide_malloc,
 * halide_free and halide_do_par_for forward to it, so a model needs nothing else of the process it is loaded into. */
typedef struct senet_kernel_context_v1 {
    /* Scratch of the calling thread; 128-byte aligned; NULL when the plan's scratch_bytes would be exceeded. */
    void* (*allocate)(void* context, size_t bytes);
    /* Frees in any order; everything of a thread is free again when its kernel or task returns. */
    void (*release)(void* context, void* pointer);
    /* Runs task(context, i, closure) for i in [min, min + extent), in any order, on any threads; returns when all are
     * done: 0, or the first non-zero result. */
    int (*do_par_for)(void* context, senet_task_v1_t task, int min, int extent, uint8_t* closure);
} senet_kernel_context_v1_t;

/* What a kernel for a GPU is called with instead. The model's own halide_cuda_initialize_kernels, halide_cuda_run,
 * halide_device_malloc and halide_device_free forward to it; its halide_copy_to_device does nothing, since every buffer
 * that a kernel gets lies on the device. A kernel's entry runs on the host, doesn't wait for what it launches, and
 * launches the same for the same batch: so what it does may be recorded once. As Halide 21 generates it, an entry
 * doesn't look at what these functions return: they remember the first failure, and do nothing after it. */
typedef struct senet_gpu_context_v1 {
    senet_kernel_context_v1_t host;
    /* Before the first launch from a module: sets *state, which launches name. `ptx`: its text, of `bytes` bytes.
     * *state is one word of the library, shared by sessions and threads: always set it to the same, such as `ptx`. */
    int (*load)(void* context, void** state, const char* ptx, int bytes);
    /* sizes: of each argument in bytes, 0 after the last. args[i] points to the argument's value or, where
     * is_buffer[i], is a senet_kernel_buffer_v1_t* whose `device` is the argument. */
    int (*launch)(void* context, void* state, const char* kernel, int blocks_x, int blocks_y, int blocks_z,
                  int threads_x, int threads_y, int threads_z, int shared_bytes, size_t* sizes, void** args,
                  int8_t* is_buffer);
    /* Device memory for a kernel's intermediate results, of as many bytes as dims say: sets buffer->device. Called for
     * outputs, too, which have it already, and release more than once: a buffer without memory is left alone. */
    int (*allocate)(void* context, senet_kernel_buffer_v1_t* buffer);
    int (*release)(void* context, senet_kernel_buffer_v1_t* buffer);
} senet_gpu_context_v1_t;

/* Halide's argv entry point: args[0] is the address of the void* context, args[i] a senet_kernel_buffer_v1_t*.
 * Returns 0; kernels have no checks of their own, so the runtime never calls one with other shapes than the plan's. */
typedef int (*senet_kernel_v1_t)(void** args);

/* ---- The plan ---------------------------------------------------------------------------------------------------- */

enum senet_storage_v1 {
    SENET_STORAGE_ARENA = 0,         /* byte = offset * max_batch + start  in the session's arena */
    SENET_STORAGE_WEIGHTS = 1,       /* byte = offset + start              in the model's packed weights */
    SENET_STORAGE_INPUT = 2,         /* the caller's images: float NCHW or uint8 NHWC, dense */
    SENET_STORAGE_NORMALISATION = 3, /* float [2][channels]: scale then shift; x * scale + shift, given by the session;
                                        1 and 0 for float images, which are normalised already */
};

/* One argument of one kernel: a strided view of some storage. */
typedef struct senet_buffer_v1 {
    uint32_t storage;   /* senet_storage_v1 */
    uint32_t type_code; /* as in senet_kernel_buffer_v1_t */
    uint32_t type_bits;
    uint32_t dimensions; /* at most SENET_MAX_DIMS */
    uint32_t batched;    /* 1: the last dimension is the image; its extent here is 1 and the run's batch is put in */
    uint32_t reserved;   /* 0 */
    uint64_t offset;     /* of the storage this view lies in */
    uint64_t start;      /* from there to the element at all `min` */
    senet_dim_v1_t dim[SENET_MAX_DIMS];
} senet_buffer_v1_t;

/* A kernel's code for one GPU architecture, made when the model was built; other GPUs get what their driver makes of
 * the PTX that the kernel's entry loads. */
typedef struct senet_gpu_code_v1 {
    uint32_t major, minor; /* of the compute capability: runs on the same major, and minors from this one on */
    const uint8_t* cubin;
    uint64_t bytes;
} senet_gpu_code_v1_t;

/* One kernel call. */
typedef struct senet_step_v1 {
    const char* name;            /* the graph value that it computes, e.g. "layer1.0.conv1" */
    const char* kernel;          /* the stage's text, equal for steps that share a kernel */
    const char* schedule;        /* how the kernel's loops are arranged, for people and tools; or NULL */
    const char* schedule_source; /* who chose it: "hand", "auto:Adams2019", "tuned:sapphirerapids"; or NULL */
    const char* stage;           /* the network's name for this value, e.g. "layer1" (shown by --stages), or NULL */
    senet_kernel_v1_t entry;
    /* In the variant's `args`: indices in `buffers`, outputs last. A map without a halo may be seen as one long row:
     * (c, x = height * width, y = 1, block, image). */
    uint32_t first_arg, num_args;
    /* The output's whole storage, halo included, as a view (c, x, y, block, image) whose min are the negated halo
     * widths; the cells outside `interior` are zeroed before the kernel runs. SENET_NONE: no halo. */
    uint32_t halo; /* on a CUDA device such storage is no other value's, and zeroed once, when the session opens */
    uint32_t interior_width, interior_height;
    /* Of the last output, logical; height = width = 0 for a vector [channels]. A step that stores sums of its map's
     * tiles instead of the map has as many rows and columns as there are tiles. */
    uint32_t channels, height, width;
    uint32_t num_outputs; /* 1; 2 when a map's sums are stored beside it, and then the map is last */
    uint64_t
        flops; /* per image: 2 per multiply-add that a direct evaluation does, padding counted; 0 for data movement */
    uint64_t bytes;                      /* per image: read and written, each tensor once */
    const senet_gpu_code_v1_t* gpu_code; /* NULL on CPUs */
    uint32_t num_gpu_code;
} senet_step_v1_t;

/* CPU features a variant needs, as bits; both the instruction and the operating system's support for its registers. */
#define SENET_CPU_X86_AVX2 1ull   /* sse4.1 avx avx2 fma f16c */
#define SENET_CPU_X86_AVX512 2ull /* avx512 f cd bw dq vl, besides all of the above */

/* Where a variant's kernels run. On CUDA devices arena, weights and scratch are device memory. */
enum senet_device_v1 { SENET_DEVICE_CPU = 0, SENET_DEVICE_CUDA = 1 };

typedef struct senet_variant_v1 {
    const char* name;      /* "avx512", "avx2", "cuda" */
    uint32_t device;       /* senet_device_v1 */
    uint32_t capability;   /* of a CUDA device, at least: 10 * major + minor; else 0 */
    uint64_t cpu_features; /* for a CUDA variant: what its kernels' entries need */
    const senet_buffer_v1_t* buffers;
    const uint32_t* args;
    const senet_step_v1_t* steps;
    uint32_t num_buffers, num_args, num_steps;
    uint32_t logits; /* index in `buffers`: float (class, image), dense in class */
    /* How images enter, before steps[0]: [0] takes float NCHW, [1] uint8 NHWC. Arguments: image, normalisation, output.
     */
    senet_step_v1_t ingest[2];
    uint64_t arena_bytes;   /* per image of the session's max_batch */
    uint64_t scratch_bytes; /* per thread, besides */
} senet_variant_v1_t;

/* How an image file becomes the network's input: resize the shorter side to `resize` (0: leave it), crop the centre to
 * crop_width x crop_height (0: leave it), resize to the input's size if it still differs, scale to [0, 1], subtract
 * mean, divide by deviation. Resizing is antialiased bilinear, as PIL's. */
typedef struct senet_preprocess_v1 {
    uint32_t resize, crop_height, crop_width;
    float mean[4], deviation[4]; /* per channel; at most four channels */
} senet_preprocess_v1_t;

typedef struct senet_model_v1 {
    uint32_t abi_version;             /* SENET_MODEL_ABI_VERSION */
    uint32_t num_variants;            /* best first */
    const char* name;                 /* "se_resnet50" */
    const char* producer;             /* "senetc 0.1.0" */
    const char* description;          /* one line for people: options that the network was built with */
    uint32_t channels, height, width; /* of one input image */
    uint32_t classes;
    senet_preprocess_v1_t preprocess;
    const char* const* labels; /* `classes` names, or NULL */
    const uint8_t* weights;    /* packed; NULL when they lie beside, in weights_file */
    const char* weights_file;  /* file name without folder, or NULL */
    uint64_t weights_bytes;
    uint64_t weights_hash[2]; /* XXH3-128 (low, high) of the packed weights */
    const senet_variant_v1_t* variants;
    /* Where the model comes from. */
    const char* graph;    /* the network as it was given, as text, before any pass; or NULL */
    const char* flags;    /* one line: senetc's options that decided this library's bytes, in one spelling; or NULL */
    uint64_t build_id[2]; /* XXH3-128 (low, high) of the model's object, weights included, with 0 for this field */
} senet_model_v1_t;

/* Returns the model, or NULL when `abi_version` (what the runtime knows) is older than the model needs. */
typedef const senet_model_v1_t* (*senet_model_query_v1_t)(uint32_t abi_version);

/* ---- The file -----------------------------------------------------------------------------------------------------
 */

/* The last bytes of lib<model>.so, and of <model>.weights: checked before anything is mapped as code. */
typedef struct senet_trailer_v1 {
    char magic[8]; /* SENET_MAGIC_LIBRARY or SENET_MAGIC_WEIGHTS, no terminating zero */
    uint32_t abi_version;
    uint32_t trailer_bytes; /* sizeof(senet_trailer_v1_t) */
    uint64_t length;        /* bytes before the trailer: the file has exactly length + trailer_bytes */
    uint64_t hash[2];       /* XXH3-128 (low, high) of those bytes */
    char model[88];         /* model name, zero-padded: the exported symbol is senet_model_<model> */
} senet_trailer_v1_t;

#define SENET_MAGIC_LIBRARY "SENETLIB"
#define SENET_MAGIC_WEIGHTS "SENETWTS"

#ifdef __cplusplus
}
static_assert(sizeof(senet_dim_v1_t) == 16 && sizeof(senet_kernel_buffer_v1_t) == 56, "halide_buffer_t's layout");
static_assert(sizeof(senet_trailer_v1_t) == 128, "a fixed part of the file format");
#endif
#endif
