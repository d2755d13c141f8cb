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
    int32_t shift; /* 0..21 */
} tg_scale_t;

/* accumulator times factor, plus zero point, saturated. */
static inline int8_t tg_scaled(int32_t accumulator, const tg_scale_t *scale, int32_t zero_point) {
    const int32_t scaled = tg_scale(accumulator, scale->multiplier, (int8_t)(-1 - scale->shift));
    return tg_clamp(scaled + zero_point, INT8_MIN, INT8_MAX);
}

#if TG_DSP
/* The same on a register, six instructions. SMMULR of twice the accumulator is tg_high_multiply. Of
 * the rounding shift, halves away from zero, by n = shift + 1,
 *     (x + (x < 0 ? -1 : 0) + 2^(n - 1)) >> n, plus zero point
 * is the same as
 *     (((x + (x < 0 ? -1 : 0)) >> shift) + 2 * zero_point + 1) >> 1,
 * whose last shift SSAT does on the way. `centre` holds 2 * zero_point + 1. */
#define TG_ASM_SCALE(accumulator, multiplier, shift, centre)                                       \
    "lsl " #accumulator ", " #accumulator ", #1\n\t"                                               \
    "smmulr " #accumulator ", " #accumulator ", " #multiplier "\n\t"                               \
    "add " #accumulator ", " #accumulator ", " #accumulator ", asr #31\n\t"                        \
    "asr " #accumulator ", " #accumulator ", " #shift "\n\t"                                       \
    "add " #accumulator ", " #accumulator ", " #centre "\n\t"                                      \
    "ssat " #accumulator ", #8, " #accumulator ", asr #1\n\t"
#endif

#ifdef __cplusplus
}
#endif

#endif
