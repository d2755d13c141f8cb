/* ADD and SUB on int8. */
#ifndef TG_ADD_H
#define TG_ADD_H

#include "tg_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

/* output = (a * factor of a + b_sign * b * factor of b) * factor of the output; multipliers and shifts
 * as in tg_requantise.h. Inputs are scaled by 2^20 first, so that little is lost. */
typedef struct {
    tg_broadcast_t over;
    int16_t a_offset; /* minus the input's zero point */
    int16_t b_offset;
    int8_t a_shift;
    int8_t b_shift;
    int8_t output_shift;
    int8_t b_sign; /* -1: b is subtracted */
    int32_t a_multiplier;
    int32_t b_multiplier;
    int32_t output_multiplier;
    int8_t zero_point;
    int8_t minimum; /* the activation's range */
    int8_t maximum;
} tg_add_t;

/* output may be the memory of an input that has its shape. */
void tg_add(const tg_add_t *layer, const int8_t *a, const int8_t *b, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
