#include "tg_features.h"
#include "tg_math.h"

/* sqrt(spread) as root * 2^(-halvings): 2^31 <= root < 2^32, so its relative error is below 2^-31. */
static uint32_t normalised_root(uint64_t spread, uint8_t *halvings) {
    const uint8_t zeros = (uint8_t)(tg_clz64(spread) & 0xFEU);

    *halvings = (uint8_t)(zeros >> 1);
    return tg_isqrt64(spread << zeros);
}

/* Two samples multiply to 2^30 at most, 2^11 of them add up to 2^41. */
static int64_t sum_of_products(const int16_t *a, const int16_t *b, uint16_t n) {
    const int16_t *const end = a + n;
    int64_t sum = 0;

    while (a != end) {
        sum += (int32_t)*a * *b;
        ++a;
        ++b;
    }
    return sum;
}

/* joint / sqrt(spread a * spread b). By Cauchy and Schwarz |joint| is not above the root, so scaled
 * like the root it fits 64 bits; a quotient that rounding lifts above 1 is cut to 1. */
int32_t tg_correlation_q15(const int16_t *a, const tg_moments_t *of_a, const int16_t *b,
                           const tg_moments_t *of_b, uint16_t n) {
    uint8_t halvings_a;
    uint8_t halvings_b;

    if (of_a->spread == 0 || of_b->spread == 0) {
        return 0;
    }
    const uint64_t root_a = normalised_root(of_a->spread, &halvings_a);
    const uint64_t root_b = normalised_root(of_b->spread, &halvings_b);
    const uint64_t root = root_a * root_b; /* 2^62 to 2^64 */
    const int64_t joint = n * sum_of_products(a, b, n) - (int64_t)of_a->sum * of_b->sum;
    const uint64_t scaled = tg_abs64(joint) << (halvings_a + halvings_b);
    const uint64_t divisor = root >> 32; /* 2^30 to 2^32 */
    const uint64_t quotient = ((scaled >> 17) + divisor / 2U) / divisor;
    const int32_t magnitude = quotient > 32768U ? 32768 : (int32_t)quotient;

    return joint < 0 ? -magnitude : magnitude;
}
