/* libsenet: runs networks that senetc compiled.
 *
 *     senet_model* model;      senet_session* session;
 *     if (senet_model_open("libse_resnet50.so", NULL, &model) != SENET_OK) puts(senet_last_message());
 *     senet_session_open(model, NULL, &session);
 *     senet_session_run_f32(session, 1, image, logits);
 *     senet_session_close(session);   senet_model_close(model);
 *
 * Every function that can fail returns a senet_status and leaves one sentence for senet_last_message(). The library
 * never prints, aborts or throws. After senet_session_open returns, running allocates no memory (on a GPU: but the
 * first run of each batch, whose launches the driver records). Results are equal bit for bit for any thread count and
 * any batch.
 */
#ifndef SENET_H
#define SENET_H

#include <stddef.h>
#include <stdint.h>

#include "senet/model_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SENET_API __attribute__((visibility("default")))
#else
#define SENET_API
#endif

/* Grows when a function is added; a program built for version N runs with any later library of the same major .so. */
#define SENET_API_VERSION 2

typedef struct senet_model senet_model;     /* a loaded network: constant, shared by any number of sessions */
typedef struct senet_session senet_session; /* memory and threads for running a model: one caller at a time */

typedef enum senet_status {
    SENET_OK = 0,
    SENET_INVALID_ARGUMENT = 1, /* NULL where it may not be, a batch above the session's maximum, an unknown variant */
    SENET_NOT_FOUND = 2,        /* no such file */
    SENET_IO_ERROR = 3,         /* the file can't be read */
    SENET_BAD_FILE = 4,         /* not a senet library, damaged or truncated */
    SENET_INCOMPATIBLE = 5,     /* made for a newer libsenet */
    SENET_UNSUPPORTED_CPU = 6,  /* this CPU runs none of the model's variants, or not the one asked for */
    SENET_OUT_OF_MEMORY = 7,
    SENET_KERNEL_FAILED = 8,
    SENET_NO_DEVICE = 9,      /* no GPU to run on: no driver, no device, or either too old for the model */
    SENET_DEVICE_FAILED = 10, /* a call of the GPU's driver failed; the sentence has its error */
} senet_status;

/* Static strings: "0.1.0"; "out of memory". Any thread, any time. */
SENET_API const char* senet_version(void);
SENET_API const char* senet_status_name(senet_status status);

/* The sentence of this thread's last failed call; "" if none failed. Valid until the thread's next failing call. Any
 * thread: each has its own. */
SENET_API const char* senet_last_message(void);

/* ---- Model: any thread; a model may be used by many threads at once, and closed when its last session is closed ----
 */

typedef struct senet_model_options {
    const char* variant;      /* NULL: the best that this machine runs; else one of the model's, e.g. "avx2" */
    const char* weights_path; /* NULL: the file named by the model, in the library's folder */
    /* NULL: a GPU if the model has kernels for it and there is one, else the CPU; "cpu"; "cuda": the first GPU that
     * runs them; "cuda:1": the driver's device 1. */
    const char* device;
    /* A CUcontext to work in, which must outlive the model; NULL: the device's primary context, as CUDA's runtime API
     * and frameworks use it. */
    void* cuda_context;
} senet_model_options;

/* Checks the file's trailer and hash, then loads it. options may be NULL. Any thread. A file that is loaded must not be
 * written to in place; replace it by renaming a new one over it. */
SENET_API senet_status senet_model_open(const char* path, const senet_model_options* options, senet_model** model);

/* The same for a model that is linked in: pass senet_model_<name> of <name>.h. Any thread. */
SENET_API senet_status senet_model_open_linked(senet_model_query_v1_t query, const senet_model_options* options,
                                               senet_model** model);

/* Checks and loads the file to be described, wherever its variants run: no device is chosen, no weights are looked for,
 * and no session opens on it. Any thread. */
SENET_API senet_status senet_model_read(const char* path, senet_model** model);

/* The model's tables: name, input shape, classes, labels, preprocessing, variants. Valid until senet_model_close.
 * Any thread. */
SENET_API const senet_model_v1_t* senet_model_describe(const senet_model* model);
/* The variant that sessions of this model run; NULL after senet_model_read. Any thread. */
SENET_API const senet_variant_v1_t* senet_model_variant(const senet_model* model);
/* Where sessions of this model run: "cpu", or "cuda:0, NVIDIA H200, compute capability 9.0"; NULL after
 * senet_model_read. Valid until senet_model_close. Any thread. */
SENET_API const char* senet_model_device(const senet_model* model);

/* After the last of its sessions is closed, and by one thread. NULL is fine. */
SENET_API void senet_model_close(senet_model* model);

/* ---- Session: one thread at a time; different sessions at once from different threads ------------------------------
 */

typedef struct senet_session_options {
    uint32_t max_batch; /* 0: 1 */
    /* Threads that work on a run, the caller's included. 0: all that the process may use, by affinity and cgroup quota.
     * All sessions share one pool of workers per process. On a GPU: the caller's alone. */
    uint32_t threads;
    /* What uint8 input is normalised with instead of the model's own values: `channels` floats each, or both NULL. */
    const float* mean;
    const float* deviation;
    /* The session's memory: NULL: from the system; else senet_session_arena_bytes bytes, aligned to
     * SENET_ARENA_ALIGNMENT, which the caller keeps alive and frees after senet_session_close. */
    void* arena;
    size_t arena_bytes;
    /* On a GPU: the CUstream that runs go to, of the model's context, which must outlive the session; CU_STREAM_LEGACY
     * for CUDA's default stream. NULL: a stream of the session's own. */
    void* cuda_stream;
} senet_session_options;

#define SENET_ARENA_ALIGNMENT 128

/* Bytes of arena that senet_session_open needs with these options; options may be NULL. Of a session on a GPU this is
 * host memory; maps lie in device memory, which senet_session_open takes from the driver. Any thread. */
SENET_API senet_status senet_session_arena_bytes(const senet_model* model, const senet_session_options* options,
                                                 size_t* bytes);

/* options may be NULL. Any thread. The first session with several threads starts the process's workers, which block all
 * signals and stay until the process ends. After fork(), a session of the parent runs in the child on one thread;
 * sessions opened in the child start workers of its own. */
SENET_API senet_status senet_session_open(const senet_model* model, const senet_session_options* options,
                                          senet_session** session);

/* Runs `batch` images, 1 to max_batch. images: float [batch][channels][height][width], already normalised.
 * logits: float [batch][classes], before softmax. One thread at a time per session: a run that finds another one going
 * on fails. After a failed run the session can be used again. */
SENET_API senet_status senet_session_run_f32(senet_session* session, uint32_t batch, const float* images,
                                             float* logits);

/* The same from bytes: [batch][height][width][channels], 0 to 255; (byte / 255 - mean) / deviation. One thread at a
 * time per session. */
SENET_API senet_status senet_session_run_u8(senet_session* session, uint32_t batch, const uint8_t* images,
                                            float* logits);

/* senet_session_run_f32 for images and logits in the memory of the session's GPU. Returns when the run is queued on the
 * session's cuda_stream, which must have been given: whatever is queued there later finds the logits. One thread at a
 * time per session. */
SENET_API senet_status senet_session_run_device_f32(senet_session* session, uint32_t batch, const float* images,
                                                    float* logits);

/* One executed step, as its observer sees it. */
typedef struct senet_step_event {
    const senet_step_v1_t* step; /* names, shapes, flops: see model_abi.h */
    uint32_t index;              /* 0 is the ingest step */
    uint32_t batch;
    double seconds; /* wall time of this step; on a GPU by its own clock, launching included */
} senet_step_event;

typedef void (*senet_observer)(void* user, senet_session* session, const senet_step_event* event);

/* Calls observer after every step of later runs, on the thread that runs; NULL stops it. Between runs, by the session's
 * one thread. On a GPU an observed run waits for every step. */
SENET_API senet_status senet_session_observe(senet_session* session, senet_observer observer, void* user);

/* Inside an observer only: the step's output as float [batch][channels][height][width], or [batch][channels] for a
 * vector. Channels, height and width are the step's: a step whose map nobody needs but its mean stores sums of the
 * map's tiles instead, and these are its output, [batch][channels][tiles down][tiles across]. On the observer's thread.
 */
SENET_API senet_status senet_session_read_output(senet_session* session, float* values);

/* Threads that a run uses, after limits. Any thread. */
SENET_API uint32_t senet_session_threads(const senet_session* session);

/* By one thread, when no run goes on; not from an observer. NULL is fine. */
SENET_API void senet_session_close(senet_session* session);

#ifdef __cplusplus
}
#endif
#endif
