/* Two windows of inputs times many rows of weights, two at a time: what convolutions spend their time
 * in. A weight that has been loaded and widened serves two output points, an input two channels. */
#ifndef TG_PAIRS_H
#define TG_PAIRS_H

#include "tg_scale.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_MAX_WINDOW 96 /* inputs; two windows lie on the stack */

/* Outputs in pairs. A pair is two int32 biases, less the input's zero point times the sum of the weights;
 * then for each group of four inputs the four weights of each output; then two tg_scale_t. The first
 * group are inputs 0 to 3, the last ends with the last input; where two groups overlap, one of the weights
 * is 0. When n_outputs is odd, the last two pairs overlap likewise. */
typedef struct {
    uint16_t n_inputs;  /* 4..TG_MAX_WINDOW */
    uint16_t n_outputs; /* at least 2 */
    int16_t output_zero_point;
    const void *pairs;
} tg_pairs_t;

/* Two windows as the product wants them. */
typedef struct {
#if TG_DSP
    /* For each group: (x0, x2), (x1, x3) of the first window, then of the second, as pairs of int16. */
    uint32_t words[TG_MAX_WINDOW];
#else
    int8_t bytes[2][TG_MAX_WINDOW];
#endif
} tg_windows_t;

/* Set window `which`, 0 or 1, from n_inputs neighbouring inputs at any address. */
void tg_set_window(tg_windows_t *windows, uint32_t which, const int8_t *inputs, uint32_t n_inputs);

/* All outputs of both windows: output is (2, n_outputs). */
void tg_pairs(const tg_pairs_t *layer, const tg_windows_t *windows, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
