/* From an int32 accumulator to the int8 output of a layer, bit for bit as TensorFlow Lite Micro. */
#ifndef TG_REQUANTISE_H
#define TG_REQUANTISE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Right shifts of negative numbers are arithmetic on every compiler we build with. */

/* Scale, zero point and fused activation of a layer's output. A real factor is
 * multiplier / 2^31 * 2^shift. */
typedef struct {
    const int32_t *multipliers; /* (n_channels), or (1) */
    const int8_t *shifts;       /* as many */
    bool per_channel;
    int8_t zero_point;
    int8_t minimum; /* the activation's range */
    int8_t maximum;
} tg_requantise_t;

/* a * b / 2^31, halves rounded up; never called with both INT32_MIN, the one case that overflows. */
static inline int32_t tg_high_multiply(int32_t a, int32_t b) {
    return (int32_t)(((int64_t)a * b + (INT32_C(1) << 30)) >> 31);
}

/* x / 2^n, halves rounded away from zero; n is 0..31. */
static inline int32_t tg_rounding_shift(int32_t x, uint32_t n) {
    const int32_t mask = (int32_t)((UINT32_C(1) << n) - 1u);
    const int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
    return (x >> n) + ((x & mask) > threshold ? 1 : 0);
}

/* x * multiplier / 2^31 * 2^shift. The generator proves that x * 2^shift fits into 32 bits.
 * TensorFlow Lite Micro rounds twice unless built with TFLITE_SINGLE_ROUNDING; so do we, unless
 * built with TG_SINGLE_ROUNDING. */
static inline int32_t tg_scale(int32_t x, int32_t multiplier, int8_t shift) {
#if defined(TG_SINGLE_ROUNDING)
    const int32_t right = 31 - shift;
    return (int32_t)(((int64_t)x * multiplier + (INT64_C(1) << (right - 1))) >> right);
#else
    if (shift >= 0) {
        return tg_high_multiply((int32_t)((uint32_t)x << shift), multiplier);
    }
    return tg_rounding_shift(tg_high_multiply(x, multiplier), (uint32_t)-shift);
#endif
}

static inline int8_t tg_clamp(int32_t x, int8_t minimum, int8_t maximum) {
    if (x < minimum) {
        return minimum;
    }
    return x > maximum ? maximum : (int8_t)x;
}

/* The output of `channel` whose accumulator is `sum`. */
static inline int8_t tg_requantise(const tg_requantise_t *to, int32_t sum, uint32_t channel) {
    const uint32_t i = to->per_channel ? channel : 0u;
    const int32_t scaled = tg_scale(sum, to->multipliers[i], to->shifts[i]);
    return tg_clamp(scaled + to->zero_point, to->minimum, to->maximum);
}

#ifdef __cplusplus
}
#endif

#endif
