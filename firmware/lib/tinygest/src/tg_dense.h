/* FULLY_CONNECTED on int8 with one scale for all outputs, four outputs at a time. */
#ifndef TG_DENSE_H
#define TG_DENSE_H

#include "tg_quads.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef tg_quads_t tg_dense_t;

/* input is (n_inputs), output is (n_outputs). */
void tg_dense(const tg_dense_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
