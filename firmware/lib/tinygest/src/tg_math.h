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

/* sqrt(x) to the nearest integer; 65536 for the largest arguments. */
uint32_t tg_isqrt32_round(uint32_t x);

/* Number of leading zero bits; 32 and 64 for 0. */
uint8_t tg_clz32(uint32_t x);
uint8_t tg_clz64(uint64_t x);

static inline int8_t tg_saturate_int8(int32_t x) {
    return (int8_t)(x > INT8_MAX ? INT8_MAX : x < INT8_MIN ? INT8_MIN : x);
}

static inline int16_t tg_saturate_int16(int32_t x) {
    return (int16_t)(x > INT16_MAX ? INT16_MAX : x < INT16_MIN ? INT16_MIN : x);
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

/* x / divisor to the nearest integer, halves away from zero; divisor >= 1. */
static inline int32_t tg_round_divide32(int32_t x, uint32_t divisor) {
    const uint32_t half = divisor >> 1;
    const uint32_t whole = tg_abs32(x) / divisor;
    const uint32_t rest = tg_abs32(x) % divisor;
    const uint32_t magnitude = whole + (rest >= divisor - half ? 1U : 0U);
    return x < 0 ? (int32_t)(0U - magnitude) : (int32_t)magnitude;
}

#ifdef __cplusplus
}
#endif

#endif
