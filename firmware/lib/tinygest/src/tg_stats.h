/* What several features of one channel need, computed once. */
#ifndef TG_STATS_H
#define TG_STATS_H

#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_FEATURE_POINTS 32 /* what a segment of any length is averaged onto, see tg_features.h */
#define TG_QUARTERS 4
#define TG_QUARTER_POINTS (TG_FEATURE_POINTS / TG_QUARTERS)

typedef struct {
    int32_t sum;      /* |sum| <= 2^20 */
    uint64_t squares; /* sum of x^2 <= 2^35 */
} tg_moments_t;

typedef struct {
    tg_moments_t whole;
    uint64_t spread; /* of the whole, see tg_spread */
    uint64_t quarter_spreads[TG_QUARTERS];
    int16_t min;
    int16_t max;
    uint8_t argmin; /* first point that has the value */
    uint8_t argmax;
} tg_stats_t;

/* x is (TG_FEATURE_POINTS) */
void tg_stats_compute(const int16_t *x, tg_stats_t *stats);

/* n^2 times the variance of n points: n * squares - sum^2, exact, 0 to 2^40. */
static inline uint64_t tg_spread(const tg_moments_t *sums, uint8_t n) {
    return n * sums->squares - (uint64_t)((int64_t)sums->sum * sums->sum);
}

#ifdef __cplusplus
}
#endif

#endif
