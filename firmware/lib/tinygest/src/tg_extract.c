#include "tg_extract.h"

#include "tg_math.h"

#define FAR 255 /* beyond int8 whatever the zero point is */

/* difference * multiplier / 2^shift to the nearest integer, halves up, or FAR and more. The product is
 * below 2^62. From a shift of 33 on its lower half cannot change what is rounded. */
static int32_t steps_of(int32_t difference, const tg_affine_t *affine) {
    const int64_t product = (int64_t)difference * (int32_t)affine->multiplier;
    const int32_t upper_shift = affine->shift - 33;

    if (upper_shift < 0) {
        return tg_round_shift_capped(product, affine->shift, FAR);
    }
    return (((int32_t)(product >> 32) >> upper_shift) + 1) >> 1;
}

void tg_quantise(const tg_quantiser_t *quantiser, const int32_t *raw, uint16_t n, int8_t *input,
                 uint8_t step) {
    const tg_affine_t *affine = quantiser->affine;
    const int32_t *const end = raw + n;
    const uint8_t affine_step = quantiser->affine_step;
    const int32_t zero = quantiser->zero_point - INT8_MIN;

    for (; raw != end; ++raw) {
        int32_t above_least = zero + steps_of(*raw - affine->offset, affine);

        if ((uint32_t)above_least > UINT8_MAX) {
            above_least = above_least < 0 ? 0 : UINT8_MAX;
        }
        *input = (int8_t)(above_least + INT8_MIN);
        input += step;
        affine += affine_step;
    }
}
