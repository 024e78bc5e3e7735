/* What the measuring program of a network is told: a struct that senetc links into it, in the machine's byte order. */
#ifndef SENETC_HARNESS_NETWORK_JOB_H
#define SENETC_HARNESS_NETWORK_JOB_H

#include <stdint.h>

#define SENETC_NETWORK_JOB_MAGIC 0x314b524f5754454eull /* "NETWORK1" */

typedef struct senetc_network_job {
    uint64_t magic;
    uint32_t threads, images; /* of every run */
    double seconds;           /* of timing */
    uint32_t limit_seconds;   /* the program ends itself after that; 0: never */
    char variant[36];         /* that both models run */
} senetc_network_job_t;

#endif
