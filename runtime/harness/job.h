/* What the measuring program of a stage measures: the bytes that senetc links into it, in this machine's byte order.
 *
 * A job_header, then storages and arguments, then what their offsets point to. Offsets are in bytes from the header.
 */
#ifndef SENETC_HARNESS_JOB_H
#define SENETC_HARNESS_JOB_H

#include "senet/model_abi.h"

#define SENETC_JOB_MAGIC 0x31424f4a434e4553ull /* "SENCJOB1" */

enum senetc_job_role { SENETC_JOB_INPUT, SENETC_JOB_PARAMETER, SENETC_JOB_OUTPUT };

/* Memory that kernels read or write. Of a batched one the job has image 0; image n is that times 2^-(n % 8), which
 * floats hold exactly. */
typedef struct senetc_job_storage {
    uint32_t role, batched;
    uint32_t element_bytes; /* 4: float; 1: byte */
    uint32_t reserved;
    uint64_t bytes;    /* of one image, or of the parameter */
    uint64_t contents; /* offset of `bytes` bytes; 0: of an output */
    /* Of the candidate's outputs, else 0: offsets of a float for each element, what should be there and how far it may
     * be off. A bound of -1: the kernel leaves the element alone; of infinity: anything may be there. */
    uint64_t expected, bounds;
} senetc_job_storage_t;

typedef struct senetc_job_kernel {
    uint32_t first_arg, num_args;
    uint64_t scratch_bytes; /* per thread */
} senetc_job_kernel_t;

typedef struct senetc_job_header {
    uint64_t magic, bytes; /* of all of it */
    uint64_t cpu_features; /* SENET_CPU_* that the kernels need */
    uint64_t storages,
        arguments; /* offsets: senetc_job_storage_t[], senet_buffer_v1_t[] whose `storage` counts those */
    uint32_t num_storages, num_arguments;
    senetc_job_kernel_t candidate, incumbent;
    uint32_t threads, images; /* of every timed call */
    uint32_t cold;            /* 1: with parameters out of the caches, too */
    uint64_t network_bytes;   /* of all parameters that a run of the network reads; 0: more than any cache holds */
    uint32_t limit_seconds;   /* the program ends itself after that; 0: never */
    double seconds;           /* of timing */
    double give_up;           /* stop early where the candidate takes that many times what the incumbent does */
} senetc_job_header_t;

#endif
