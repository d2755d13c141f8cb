#include "tg_math.h"

/* Digit by digit in base 4: the largest power of four first, one result bit a step. */
uint16_t tg_isqrt32(uint32_t x) {
    uint32_t root = 0;
    uint32_t bit = UINT32_C(1) << 30;

    while (bit > x) {
        bit >>= 2;
    }
    while (bit != 0) {
        const uint32_t trial = root + bit;
        root >>= 1;
        if (x >= trial) {
            x -= trial;
            root += bit;
        }
        bit >>= 2;
    }
    return (uint16_t)root;
}

uint32_t tg_isqrt32_round(uint32_t x) {
    const uint32_t root = tg_isqrt32(x);

    /* (root + 1/2)^2 = root^2 + root + 1/4, so x lies above it when the rest exceeds root. */
    return x - root * root > root ? root + 1U : root;
}

uint32_t tg_isqrt64(uint64_t x) {
    uint64_t root = 0;
    uint64_t bit = UINT64_C(1) << 62;

    if (x <= UINT32_MAX) {
        return tg_isqrt32((uint32_t)x);
    }
    while (bit > x) {
        bit >>= 2;
    }
    while (bit != 0) {
        const uint64_t trial = root + bit;
        root >>= 1;
        if (x >= trial) {
            x -= trial;
            root += bit;
        }
        bit >>= 2;
    }
    return (uint32_t)root;
}

uint8_t tg_clz32(uint32_t x) {
    uint8_t n = 0;

    if (x == 0) {
        return 32;
    }
#if defined(__GNUC__)
    n = (uint8_t)__builtin_clz(x);
#else
    while ((x & UINT32_C(0x80000000)) == 0) {
        x <<= 1;
        ++n;
    }
#endif
    return n;
}

uint8_t tg_clz64(uint64_t x) {
    const uint32_t high = (uint32_t)(x >> 32);

    return (uint8_t)(high != 0 ? tg_clz32(high) : 32 + tg_clz32((uint32_t)x));
}

/* With x = m * 2^k, 1 <= m < 2, log2(x) = k + log2(m). Squaring m doubles its logarithm: each time
 * the square reaches 2 the next bit of the fraction is 1 (Knuth, TAOCP 1, 1.2.2, exercise 25). */
int32_t tg_log2_q16(uint64_t x) {
    if (x == 0) {
        return 0;
    }

    const uint8_t zeros = tg_clz64(x);
    uint32_t mantissa = (uint32_t)((x << zeros) >> 32); /* Q31 */
    uint32_t result = 63U - zeros;
    for (uint8_t i = 0; i < 16; ++i) {
        const uint64_t square = (uint64_t)mantissa * mantissa; /* Q62, below 4 */
        const uint32_t bit = (uint32_t)(square >> 63);
        mantissa = (uint32_t)(square >> (31 + bit));
        result = (result << 1) | bit;
    }
    return (int32_t)result;
}
