/* MAX_POOL_2D on int8; input and output have the same scale and zero point. */
#ifndef TG_MAX_POOL_2D_H
#define TG_MAX_POOL_2D_H

#include "tg_sweep.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    tg_sweep_t sweep;
    uint16_t n_channels;
    int8_t minimum; /* the activation's range */
    int8_t maximum;
} tg_max_pool_2d_t;

/* input is [1, input_height, input_width, n_channels], output likewise. Padding does not count. */
void tg_max_pool_2d(const tg_max_pool_2d_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
