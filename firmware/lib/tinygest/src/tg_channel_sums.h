/* Sums of four neighbouring channels over points: what pooling spends its time in. */
#ifndef TG_CHANNEL_SUMS_H
#define TG_CHANNEL_SUMS_H

#include "tg_dsp.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TG_MAX_SUMMED 256 /* points: then each sum fits into an int16 */

#if TG_DSP

typedef struct {
    uint32_t even; /* sums of channels 0 and 2, as int16 */
    uint32_t odd;  /* of channels 1 and 3 */
} tg_channel_sums_t;

/* Adds n_points points, each `step` bytes behind the one before; `at` is channel 0 of the first. */
static inline void tg_add_points(tg_channel_sums_t *sums, const int8_t *at, uint32_t n_points, uint32_t step) {
    for (; n_points > 0; --n_points) {
        const uint32_t channels = tg_load4(at);
        sums->even = tg_sxtab16(sums->even, channels);
        sums->odd = tg_sxtab16_odd(sums->odd, channels);
        at += step;
    }
}

/* The sum of channel 0, 1, 2 or 3. */
static inline int32_t tg_channel_sum(const tg_channel_sums_t *sums, uint32_t channel) {
    return (int16_t)((channel % 2u != 0 ? sums->odd : sums->even) >> (channel / 2u * 16u));
}

#else

typedef struct {
    int32_t sums[4];
} tg_channel_sums_t;

static inline void tg_add_points(tg_channel_sums_t *sums, const int8_t *at, uint32_t n_points, uint32_t step) {
    for (; n_points > 0; --n_points) {
        for (uint32_t channel = 0; channel < 4u; ++channel) {
            sums->sums[channel] += at[channel];
        }
        at += step;
    }
}

static inline int32_t tg_channel_sum(const tg_channel_sums_t *sums, uint32_t channel) {
    return sums->sums[channel];
}

#endif

#ifdef __cplusplus
}
#endif

#endif
