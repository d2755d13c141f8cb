/* tg_depthwise_quads for an output whose zero point is -128, as it is behind a ReLU. */
#ifndef TG_DEPTHWISE_QUADS_RELU_H
#define TG_DEPTHWISE_QUADS_RELU_H

#include "tg_depthwise_core.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef tg_depthwise_quads_t tg_depthwise_quads_relu_t;

/* input is [1, input_height, input_width, n_channels], output likewise. */
void tg_depthwise_quads_relu(const tg_depthwise_quads_relu_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
