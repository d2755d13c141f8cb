/* AVERAGE_POOL_2D on int8, four channels at a time. */
#ifndef TG_AVERAGE_POOL_QUADS_H
#define TG_AVERAGE_POOL_QUADS_H

#include "tg_sweep.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    tg_sweep_t sweep; /* a kernel of at most TG_MAX_SUMMED points */
    uint16_t n_channels; /* at least 4 */
    int8_t minimum; /* the activation's range */
    int8_t maximum;
} tg_average_pool_quads_t;

/* input is [1, input_height, input_width, n_channels], output likewise. Padding is not averaged. */
void tg_average_pool_quads(const tg_average_pool_quads_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
