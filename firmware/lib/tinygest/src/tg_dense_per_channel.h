/* FULLY_CONNECTED on int8 with a scale for each output, four outputs at a time. */
#ifndef TG_DENSE_PER_CHANNEL_H
#define TG_DENSE_PER_CHANNEL_H

#include "tg_quads.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef tg_quads_t tg_dense_per_channel_t;

/* input is (n_inputs), output is (n_outputs). */
void tg_dense_per_channel(const tg_dense_per_channel_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
