/* FULLY_CONNECTED on int8. */
#ifndef TG_FULLY_CONNECTED_H
#define TG_FULLY_CONNECTED_H

#include "tg_requantise.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint16_t n_rows; /* input rows, each multiplied with the same weights; 1 in a classifier */
    uint16_t n_inputs;
    uint16_t n_outputs;
    const int8_t *weights; /* [n_outputs, n_inputs] */
    const int32_t *bias;   /* [n_outputs], less the input's zero point times the sum of the weights */
    tg_requantise_t requantise;
} tg_fully_connected_t;

/* input is [n_rows, n_inputs], output is [n_rows, n_outputs]. */
void tg_fully_connected(const tg_fully_connected_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
