#include "tg_features.h"
#include "tg_math.h"

/* Scaled by 4^k to at least 2^62 the spread's root has 16 bits in its upper half. */
tg_pair_moments_t tg_correlation_moments(const tg_stats_t *stats) {
    const uint8_t zeros = (uint8_t)(tg_clz64(stats->spread) & 0xFEU);
    tg_pair_moments_t moments = {stats->whole.sum, 0, (uint8_t)(zeros >> 1)};

    if (stats->spread != 0) {
        moments.root = tg_isqrt32((uint32_t)((stats->spread << zeros) >> 32));
    }
    return moments;
}

static int64_t sum_of_products(const int16_t *a, const int16_t *b) {
    const int16_t *const end = a + TG_FEATURE_POINTS;
    int64_t sum = 0;

    for (; a != end; ++a, ++b) {
        sum += (int32_t)*a * *b;
    }
    return sum;
}

/* joint / sqrt(spread a * spread b). By Cauchy and Schwarz |joint| is not above the root, so scaled
 * like the root it fits 64 bits. Of the dividend 31 bits are kept and of the divisor 15 or 16, which
 * leaves the quotient's 15; one that rounding lifts above 1 is cut to 1. */
int32_t tg_correlation_q15(const int16_t *a, const tg_pair_moments_t *of_a, const int16_t *b,
                           const tg_pair_moments_t *of_b) {
    if (of_a->root == 0 || of_b->root == 0) {
        return 0;
    }
    const int64_t joint =
        TG_FEATURE_POINTS * sum_of_products(a, b) - (int64_t)of_a->sum * of_b->sum;
    const uint64_t scaled = tg_abs64(joint) << (of_a->halvings + of_b->halvings);
    const uint32_t dividend = (uint32_t)(scaled >> 33);
    const uint32_t divisor = ((uint32_t)of_a->root * of_b->root + (1U << 15)) >> 16;
    const uint32_t quotient = (dividend + divisor / 2U) / divisor;
    const int32_t magnitude = quotient > 32768U ? 32768 : (int32_t)quotient;

    return joint < 0 ? -magnitude : magnitude;
}
