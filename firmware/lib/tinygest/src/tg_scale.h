/* How the fast kernels come from accumulators to int8. */
#ifndef TG_SCALE_H
#define TG_SCALE_H

#include <stdint.h>

#include "tg_dsp.h"
#include "tg_requantise.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A real factor below 1/2: multiplier / 2^31 / 2^(shift + 1). */
typedef struct {
    int32_t multiplier;
    int32_t shift; /* 0..30 */
} tg_scale_t;

/* The same for outputs whose zero point is -128, as it is behind a ReLU: multiplier / 2^31 / 2^shift. */
typedef struct {
    int32_t multiplier;
    int32_t shift;  /* 1..22 */
    int32_t offset; /* the zero point and the half to round with: (2 * -128 + 1) * 2^(shift - 1) */
} tg_relu_scale_t;

#if TG_DSP
/* On a register, six instructions. SMMULR of twice the accumulator is tg_high_multiply. Of
 * the rounding shift, halves away from zero, by n = shift + 1,
 *     (x + (x < 0 ? -1 : 0) + 2^(n - 1)) >> n, plus zero point
 * is the same as
 *     (((x + (x < 0 ? -1 : 0)) >> shift) + 2 * zero_point + 1) >> 1,
 * whose last shift SSAT does on the way. `centre` holds 2 * zero_point + 1. */
#define TG_ASM_SCALE(accumulator, multiplier, shift, centre)                                       \
    "lsls " #accumulator ", " #accumulator ", #1\n\t"                                              \
    "smmulr " #accumulator ", " #accumulator ", " #multiplier "\n\t"                               \
    "add " #accumulator ", " #accumulator ", " #accumulator ", asr #31\n\t"                        \
    "asrs " #accumulator ", " #accumulator ", " #shift "\n\t"                                      \
    "add " #accumulator ", " #accumulator ", " #centre "\n\t"                                      \
    "ssat " #accumulator ", #8, " #accumulator ", asr #1\n\t"

/* Four instructions for a zero point of -128. A negative sum saturates there whichever way its halves
 * are rounded, so they may be rounded up, and SMMLAR adds the offset on the way. */
#define TG_ASM_SCALE_RELU(accumulator, multiplier, shift, offset)                                  \
    "lsls " #accumulator ", " #accumulator ", #1\n\t"                                              \
    "smmlar " #accumulator ", " #accumulator ", " #multiplier ", " #offset "\n\t"                  \
    "asrs " #accumulator ", " #accumulator ", " #shift "\n\t"                                      \
    "ssat " #accumulator ", #8, " #accumulator "\n\t"

/* accumulator times factor, plus zero point, saturated; |accumulator| < 2^30. */
static inline int8_t tg_scaled(int32_t accumulator, const tg_scale_t *scale, int32_t zero_point) {
    const int32_t centre = 2 * zero_point + 1;

    __asm__(TG_ASM_SCALE(%0, %1, %2, %3)
            : "+r"(accumulator)
            : "r"(scale->multiplier), "r"(scale->shift), "r"(centre)
            : "cc");
    return (int8_t)accumulator;
}
#else
/* The same. */
static inline int8_t tg_scaled(int32_t accumulator, const tg_scale_t *scale, int32_t zero_point) {
    const int32_t scaled = tg_scale(accumulator, scale->multiplier, (int8_t)(-1 - scale->shift));
    return tg_clamp(scaled + zero_point, INT8_MIN, INT8_MAX);
}

/* The same for a zero point of -128. */
static inline int8_t tg_scaled_relu(int32_t accumulator, const tg_relu_scale_t *scale) {
    const int32_t scaled = tg_scale(accumulator, scale->multiplier, (int8_t)-scale->shift);
    return tg_clamp(scaled + INT8_MIN, INT8_MIN, INT8_MAX);
}
#endif

#ifdef __cplusplus
}
#endif

#endif
