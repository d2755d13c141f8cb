/* MEAN on int8 over neighbouring axes, e.g. height and width. */
#ifndef TG_MEAN_H
#define TG_MEAN_H

#include "tg_requantise.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint16_t n_outer;    /* product of the axes before the averaged ones */
    uint16_t n_averaged; /* product of the averaged axes */
    uint16_t n_inner;    /* product of the axes behind them */
    int32_t input_sum;   /* n_averaged times the input's zero point */
    tg_requantise_t requantise; /* with 1 / n_averaged in its multiplier */
} tg_mean_t;

/* input is [n_outer, n_averaged, n_inner], output is [n_outer, n_inner]. */
void tg_mean(const tg_mean_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
