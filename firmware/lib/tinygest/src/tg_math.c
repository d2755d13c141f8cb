#include "tg_math.h"

/* Newton's iteration on m = x * 4^k with 2^30 <= m < 2^32. The straight line it starts from is at most
 * 4 % off, so two steps come within 2^-21 of the root. The mean of a divisor and its quotient is
 * never below the root, hence the result is floor(sqrt(m)) or one more. */
uint16_t tg_isqrt32(uint32_t x) {
    if (x == 0) {
        return 0;
    }

    const uint8_t zeros = (uint8_t)(tg_clz32(x) & 0xFEU);
    const uint32_t m = x << zeros;
    uint32_t root = (m >> 17) + (m >> 19) + (m >> 21) + 22938U;
    root = (root + m / root) >> 1;
    root = (root + m / root) >> 1;
    if (root * root - 1U >= m) { /* root^2 > m, also for 65536^2 modulo 2^32 */
        --root;
    }
    return (uint16_t)(root >> (zeros >> 1));
}

/* Karatsuba square root (Zimmermann, INRIA RR-3805): the root of the upper half gives the upper half
 * of the root, and one division the rest, at most one too large. With m = x * 4^k >= 2^62, every
 * intermediate value fits its type: rest <= 2 * 65535, so halved < 2^32. */
uint32_t tg_isqrt64(uint64_t x) {
    if (x <= UINT32_MAX) {
        return tg_isqrt32((uint32_t)x);
    }

    const uint8_t zeros = (uint8_t)(tg_clz64(x) & 0xFEU);
    const uint64_t m = x << zeros;
    const uint32_t upper_half = (uint32_t)(m >> 32);
    const uint32_t upper = tg_isqrt32(upper_half);
    const uint32_t rest = upper_half - upper * upper;
    const uint32_t halved = (rest << 15) | ((uint32_t)(m >> 17) & 0x7FFFU); /* (rest, next 16 bits) / 2 */
    const uint32_t lower = halved / upper;
    uint32_t root = lower > 0xFFFFU ? (upper << 16) | 0xFFFFU : (upper << 16) + lower;
    if ((uint64_t)root * root > m) {
        --root;
    }
    return root >> (zeros >> 1);
}

int32_t tg_round_shift_capped(int64_t x, uint8_t shift, int32_t cap) {
    const int64_t rounded = (x + (int64_t)((UINT64_C(1) << shift) >> 1)) >> shift;

    return (int32_t)(rounded > cap ? cap : rounded < -cap ? -cap : rounded);
}
