#include "tg_stats.h"

void tg_part_compute(const int16_t *x, uint16_t n, tg_part_t *part) {
    const int16_t *const end = x + n;
    int32_t sum = 0;
    int64_t squares = 0;

    while (x != end) {
        const int32_t value = *x;
        ++x;
        sum += value;
        squares += (int64_t)value * value;
    }
    part->length = n;
    part->sum = sum;
    part->squares = squares;
}

static void find_extremes(const int16_t *x, uint16_t n, tg_stats_t *stats) {
    const int16_t *const end = x + n;
    const int16_t *lowest = x;
    const int16_t *highest = x;
    int32_t min = *x;
    int32_t max = min;

    for (const int16_t *p = x + 1; p < end; ++p) {
        const int32_t value = *p;
        if (value < min) {
            min = value;
            lowest = p;
        }
        if (value > max) {
            max = value;
            highest = p;
        }
    }
    stats->min = (int16_t)min;
    stats->max = (int16_t)max;
    stats->argmin = (uint16_t)(lowest - x);
    stats->argmax = (uint16_t)(highest - x);
}

void tg_stats_compute(const int16_t *x, uint16_t n, tg_stats_t *stats) {
    tg_part_t *const whole = &stats->whole;
    uint16_t begin = 0;

    whole->length = n;
    whole->sum = 0;
    whole->squares = 0;
    for (uint8_t q = 0; q < TG_QUARTERS; ++q) {
        tg_part_t *const quarter = &stats->quarters[q];
        const uint16_t end = (uint16_t)((q + 1U) * n / TG_QUARTERS);
        tg_part_compute(x + begin, (uint16_t)(end - begin), quarter);
        whole->sum += quarter->sum;
        whole->squares += quarter->squares;
        begin = end;
    }
    stats->spread = tg_spread(whole);
    find_extremes(x, n, stats);
}

uint64_t tg_spread(const tg_part_t *part) {
    return (uint64_t)(part->length * part->squares - (int64_t)part->sum * part->sum);
}
