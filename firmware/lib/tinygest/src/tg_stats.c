#include "tg_stats.h"

/* One pass: sums by quarters, extremes on the way. */
void tg_stats_compute(const int16_t *x, tg_stats_t *stats) {
    const int16_t *const first = x;
    const int16_t *lowest = x;
    const int16_t *highest = x;
    int32_t min = *x;
    int32_t max = *x;
    tg_moments_t whole = {0, 0};

    for (uint8_t q = 0; q < TG_QUARTERS; ++q) {
        const int16_t *const end = x + TG_QUARTER_POINTS;
        tg_moments_t quarter = {0, 0};
        do {
            const int32_t value = *x;
            quarter.sum += value;
            quarter.squares += (uint64_t)((int64_t)value * value);
            if (value < min) {
                min = value;
                lowest = x;
            }
            if (value > max) {
                max = value;
                highest = x;
            }
            ++x;
        } while (x != end);
        stats->quarter_spreads[q] = tg_spread(&quarter, TG_QUARTER_POINTS);
        whole.sum += quarter.sum;
        whole.squares += quarter.squares;
    }
    stats->whole = whole;
    stats->spread = tg_spread(&whole, TG_FEATURE_POINTS);
    stats->min = (int16_t)min;
    stats->max = (int16_t)max;
    stats->argmin = (uint8_t)(lowest - first);
    stats->argmax = (uint8_t)(highest - first);
}
