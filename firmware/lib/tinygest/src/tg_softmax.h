/* SOFTMAX on int8 along the last axis; the output's scale is 1/256, its zero point -128. */
#ifndef TG_SOFTMAX_H
#define TG_SOFTMAX_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint16_t n_rows;
    uint16_t n_classes;    /* at most 511, so that all shifts stay below 32 */
    uint16_t n_powers;     /* 1..256 */
    uint16_t n_terms;      /* 1..256 */
    const int32_t *powers; /* exp(-scale * d) in Q0.31 for d = 0, 1, ..., n_powers - 1, down to 2^-9 */
    const uint16_t *terms; /* the same for the next n_terms d in Q12.19; beyond: 0 */
} tg_softmax_t;

/* input and output are [n_rows, n_classes]. */
void tg_softmax(const tg_softmax_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
