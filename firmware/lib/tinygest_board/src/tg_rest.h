/* |acceleration| while the board lies still: 2048 counts if scale and range are right. */
#ifndef TG_REST_H
#define TG_REST_H

#include "tg_protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    int32_t sums[3];
    int16_t least[TG_N_AXES];
    int16_t most[TG_N_AXES];
    uint16_t n_samples;
    uint16_t magnitude; /* counts, when last at rest; 0 before */
} tg_rest_t;

void tg_rest_init(tg_rest_t *rest);

/* row is (TG_N_AXES). */
void tg_rest_push(tg_rest_t *rest, const int16_t *row);

#ifdef __cplusplus
}
#endif

#endif
