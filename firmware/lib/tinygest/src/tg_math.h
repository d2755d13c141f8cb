/* Integer arithmetic that C leaves out: roots, rounding shifts, saturation.
 *
 * The same bits come out on every compiler: nothing here is floating point, and shifts that could
 * overflow are done on unsigned values. Right shifts of negative values are arithmetic, as in every
 * compiler this library supports; C leaves that to the implementation (C99 6.5.7). */
#ifndef TG_MATH_H
#define TG_MATH_H

#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* floor(sqrt(x)) */
uint16_t tg_isqrt32(uint32_t x);

/* floor(sqrt(x)) */
uint32_t tg_isqrt64(uint64_t x);

/* x * multiplier / 2^shift to the nearest integer, halves up; 33 <= shift <= 63. The product's lower half
 * can neither change nor carry into what is rounded. */
static inline int32_t tg_multiply_shift(int32_t x, int32_t multiplier, uint8_t shift) {
    const int32_t upper = (int32_t)(((int64_t)x * multiplier) >> 32);
    return ((upper >> (shift - 33)) + 1) >> 1;
}

/* x / 2^shift to the nearest integer, halves up, but within -cap and cap; |x| <= 2^62, 0 <= shift <= 62. */
int32_t tg_round_shift_capped(int64_t x, uint8_t shift, int32_t cap);

/* Number of leading zero bits; 32 for 0. */
static inline uint8_t tg_clz32(uint32_t x) {
#if defined(__GNUC__)
    return (uint8_t)(x == 0 ? 32 : __builtin_clz(x));
#else
    uint8_t n = 32;

    for (; x != 0; x >>= 1) {
        --n;
    }
    return n;
#endif
}

/* Number of leading zero bits; 64 for 0. */
static inline uint8_t tg_clz64(uint64_t x) {
    const uint32_t high = (uint32_t)(x >> 32);

    return (uint8_t)(high != 0 ? tg_clz32(high) : 32 + tg_clz32((uint32_t)x));
}

/* In two steps, from which GCC makes one instruction of a Cortex-M4. */
static inline int8_t tg_saturate_int8(int32_t x) {
    const int32_t capped = x < INT8_MAX ? x : INT8_MAX;
    return (int8_t)(capped > INT8_MIN ? capped : INT8_MIN);
}

static inline int16_t tg_saturate_int16(int32_t x) {
    const int32_t capped = x < INT16_MAX ? x : INT16_MAX;
    return (int16_t)(capped > INT16_MIN ? capped : INT16_MIN);
}

static inline uint16_t tg_saturate_uint16(uint32_t x) {
    return (uint16_t)(x > UINT16_MAX ? UINT16_MAX : x);
}

static inline int32_t tg_saturate_int32(int64_t x) {
    return (int32_t)(x > INT32_MAX ? INT32_MAX : x < INT32_MIN ? INT32_MIN : x);
}

/* |x|, also for INT32_MIN. */
static inline uint32_t tg_abs32(int32_t x) {
    return x < 0 ? 0U - (uint32_t)x : (uint32_t)x;
}

/* |x|, also for INT64_MIN. */
static inline uint64_t tg_abs64(int64_t x) {
    return x < 0 ? UINT64_C(0) - (uint64_t)x : (uint64_t)x;
}

/* x / 2^shift to the nearest integer, halves away from zero; 0 <= shift <= 62. */
static inline int64_t tg_round_shift64(int64_t x, uint8_t shift) {
    const uint64_t half = (UINT64_C(1) << shift) >> 1;
    const uint64_t magnitude = (tg_abs64(x) + half) >> shift;
    return x < 0 ? (int64_t)(UINT64_C(0) - magnitude) : (int64_t)magnitude;
}

/* x / 2^shift to the nearest integer, halves away from zero; 0 <= shift <= 31. */
static inline int32_t tg_round_shift32(int32_t x, uint8_t shift) {
    const uint32_t half = (UINT32_C(1) << shift) >> 1;
    const uint32_t magnitude = (tg_abs32(x) + half) >> shift;
    return x < 0 ? (int32_t)(0U - magnitude) : (int32_t)magnitude;
}

/* x / divisor to the nearest integer, halves away from zero; divisor >= 1. |x| <= 2^31 and a half of
 * less than 2^31 never add up to more than an uint32 holds. */
static inline int32_t tg_round_divide32(int32_t x, uint32_t divisor) {
    const uint32_t sign = x < 0 ? UINT32_MAX : 0U; /* -x = (x ^ sign) - sign: one division for both */
    const uint32_t magnitude = (((uint32_t)x ^ sign) - sign + (divisor >> 1)) / divisor;
    return (int32_t)((magnitude ^ sign) - sign);
}

#ifdef __cplusplus
}
#endif

#endif
