/* CONV_2D on int8 where the inputs of an output point are neighbours in memory: 1 x k kernels over a
 * height of 1, and 1 x 1 kernels. Inputs are read where they lie; only windows that reach beyond the
 * input's ends are copied. */
#ifndef TG_CONV_1D_H
#define TG_CONV_1D_H

#include "tg_conv_1d_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* input is (input_bytes), output is (n_points, n_outputs). */
void tg_conv_1d(const tg_conv_1d_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
