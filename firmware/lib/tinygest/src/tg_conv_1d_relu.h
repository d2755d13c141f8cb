/* tg_conv_1d for an output whose zero point is -128, as it is behind a ReLU. */
#ifndef TG_CONV_1D_RELU_H
#define TG_CONV_1D_RELU_H

#include "tg_conv_1d_core.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef tg_conv_1d_t tg_conv_1d_relu_t;

/* input is (input_bytes), output is (n_points, n_outputs). */
void tg_conv_1d_relu(const tg_conv_1d_relu_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
