#include "tg_extract.h"

#include "tg_math.h"

#define FAR 255 /* beyond int8 whatever the zero point is */

/* difference * multiplier / 2^shift to the nearest integer, halves up, or FAR and more. */
static inline int32_t steps_of(int32_t difference, uint32_t multiplier, uint8_t shift) {
    if (shift > 32) {
        return tg_multiply_shift(difference, (int32_t)multiplier, shift);
    }
    return tg_round_shift_capped((int64_t)difference * (int32_t)multiplier, shift, FAR);
}

static inline int8_t saturate(int32_t above_least) {
    if ((uint32_t)above_least > UINT8_MAX) {
        above_least = above_least < 0 ? 0 : UINT8_MAX;
    }
    return (int8_t)(above_least + INT8_MIN);
}

void tg_quantise(const tg_affine_t *affine, int8_t zero_point, const int32_t *raw, uint16_t n,
                 int8_t *input) {
    const int32_t zero = zero_point - INT8_MIN;

    for (; n > 0; --n) {
        const int32_t difference = *raw++ - affine->offset;
        *input++ = saturate(zero + steps_of(difference, affine->multiplier, affine->shift));
        ++affine;
    }
}

void tg_quantise_alike(const tg_affine_t *affine, int8_t zero_point, const int32_t *raw, uint16_t n,
                       int8_t *input, uint8_t step) {
    const int32_t offset = affine->offset;
    const int32_t multiplier = (int32_t)affine->multiplier;
    const uint8_t shift = affine->shift;
    const int32_t zero = zero_point - INT8_MIN;

    for (; n > 0; --n) {
        if (shift > 32) {
            *input = saturate(zero + tg_multiply_shift(*raw - offset, multiplier, shift));
        } else {
            tg_quantise(affine, zero_point, raw, 1, input);
        }
        ++raw;
        input += step;
    }
}
