/* What several features of one channel need, computed once. */
#ifndef TG_STATS_H
#define TG_STATS_H

#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_QUARTERS 4

/* Bounds are for TG_MAX_SEGMENT = 2^11 samples of int16. */
typedef struct {
    uint16_t length;
    int32_t sum;     /* |sum| <= 2^26 */
    int64_t squares; /* sum of x^2 <= 2^41 */
} tg_part_t;

typedef struct {
    tg_part_t whole;
    tg_part_t quarters[TG_QUARTERS]; /* quarter q: samples [q * n / 4, (q + 1) * n / 4), rounded down */
    uint64_t spread;                 /* of the whole, see tg_spread */
    int16_t min;
    int16_t max;
    uint16_t argmin; /* first sample that has the value */
    uint16_t argmax;
} tg_stats_t;

/* x is (n), 1 <= n <= TG_MAX_SEGMENT */
void tg_stats_compute(const int16_t *x, uint16_t n, tg_stats_t *stats);

/* x is (n), n <= TG_MAX_SEGMENT */
void tg_part_compute(const int16_t *x, uint16_t n, tg_part_t *part);

/* length^2 times the variance: length * squares - sum^2, exact, 0 to 2^52. */
uint64_t tg_spread(const tg_part_t *part);

#ifdef __cplusplus
}
#endif

#endif
