/* How much is moving: one unsigned number a sample, the segmenters' input.
 *
 * With x[n] one channel, b[n] its slow average (Q14) and a = baseline_q14 / 2^14:
 *   d[n] = x[n] - floor(b[n-1])             b[n] = b[n-1] + a * d[n]
 *   motion[n] = min(65535, floor(sum over channels of weight * |d[n]| / 16))
 *   activity[n] = floor(sum of motion[n - smooth_length + 1 .. n] / smooth_length)
 * After a reset b starts as the first sample, and motion before that sample counts as 0. */
#ifndef TG_ACTIVITY_H
#define TG_ACTIVITY_H

#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_MAX_SMOOTH 256 /* samples; up to here the mean by reciprocal is exact */

typedef struct {
    uint8_t n_channels;
    uint8_t weights[TG_MAX_CHANNELS]; /* 16 counts a channel once */
    uint16_t baseline_q14;            /* 1..16384: share of a new sample in the slow average */
    uint16_t smooth_length;           /* samples, 1..TG_MAX_SMOOTH */
} tg_activity_config_t;

typedef struct {
    const tg_activity_config_t *config;
    uint16_t *motion;                  /* the caller's memory, the last smooth_length values */
    int32_t baseline[TG_MAX_CHANNELS]; /* Q14 */
    uint32_t sum;                      /* of motion */
    uint32_t reciprocal;               /* floor((2^32 - 1) / smooth_length) */
    uint16_t oldest;                   /* place in motion that the next value replaces */
    bool started;                      /* a sample has come since the last reset */
} tg_activity_t;

/* motion is (smooth_length). config and motion must outlive the activity. */
void tg_activity_init(tg_activity_t *activity, const tg_activity_config_t *config,
                      uint16_t *motion);

void tg_activity_reset(tg_activity_t *activity);

/* sample is (n_channels). */
uint16_t tg_activity_push(tg_activity_t *activity, const int16_t *sample);

#ifdef __cplusplus
}
#endif

#endif
