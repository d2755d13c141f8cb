/* MUL on int8. */
#ifndef TG_MULTIPLY_H
#define TG_MULTIPLY_H

#include "tg_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    tg_broadcast_t over;
    int16_t a_offset; /* minus the input's zero point */
    int16_t b_offset;
    int32_t multiplier; /* as in tg_requantise.h */
    int8_t shift;
    int8_t zero_point;
    int8_t minimum; /* the activation's range */
    int8_t maximum;
} tg_multiply_t;

/* output may be the memory of an input that has its shape. */
void tg_multiply(const tg_multiply_t *layer, const int8_t *a, const int8_t *b, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
