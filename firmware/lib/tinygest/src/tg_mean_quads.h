/* MEAN on int8 over neighbouring axes, four channels at a time. */
#ifndef TG_MEAN_QUADS_H
#define TG_MEAN_QUADS_H

#include "tg_scale.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint16_t n_outer;    /* product of the axes before the averaged ones */
    uint16_t n_averaged; /* product of the averaged axes, at most TG_MAX_SUMMED */
    uint16_t n_channels; /* product of the axes behind them, at least 4 */
    int16_t output_zero_point;
    int32_t input_sum;   /* n_averaged times the input's zero point */
    tg_scale_t scale;    /* with 1 / n_averaged in its multiplier */
} tg_mean_quads_t;

/* input is [n_outer, n_averaged, n_channels], output is [n_outer, n_channels]. */
void tg_mean_quads(const tg_mean_quads_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
