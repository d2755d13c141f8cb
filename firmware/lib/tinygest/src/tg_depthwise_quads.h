/* DEPTHWISE_CONV_2D on int8, four channels at a time: one filter for each input channel. */
#ifndef TG_DEPTHWISE_QUADS_H
#define TG_DEPTHWISE_QUADS_H

#include "tg_scale.h"
#include "tg_sweep.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_MAX_TAPS 25 /* a kernel of 5 x 5; where they are lies on the stack */

/* Channels in quads. A quad is four int32 biases, less the input's zero point times the sum of the
 * weights; then for each tap of the kernel the weights of channels 0, 2, 1 and 3 as int16; then four
 * tg_scale_t. When n_channels is no multiple of 4, the last two quads overlap. */
typedef struct {
    tg_sweep_t sweep;      /* at most TG_MAX_TAPS taps */
    uint16_t n_channels;   /* at least 4 */
    int16_t output_zero_point;
    const int8_t *padding; /* (n_channels) times the input's zero point; NULL where nothing is padded */
    const void *quads;
} tg_depthwise_quads_t;

/* input is [1, input_height, input_width, n_channels], output likewise. */
void tg_depthwise_quads(const tg_depthwise_quads_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
