/* DEPTHWISE_CONV_2D on int8, four channels at a time: one filter for each input channel. */
#ifndef TG_DEPTHWISE_QUADS_H
#define TG_DEPTHWISE_QUADS_H

#include "tg_depthwise_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* input is [1, input_height, input_width, n_channels], output likewise. */
void tg_depthwise_quads(const tg_depthwise_quads_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
