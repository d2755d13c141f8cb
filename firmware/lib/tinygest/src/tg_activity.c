#include "tg_activity.h"

#include "tg_math.h"

#define BASELINE_ONE 16384 /* 1.0 in Q14 */

void tg_activity_init(tg_activity_t *activity, const tg_activity_config_t *config,
                      uint16_t *motion) {
    activity->config = config;
    activity->motion = motion;
    activity->reciprocal = UINT32_MAX / config->smooth_length;
    tg_activity_reset(activity);
}

void tg_activity_reset(tg_activity_t *activity) {
    for (uint16_t i = 0; i < activity->config->smooth_length; ++i) {
        activity->motion[i] = 0;
    }
    activity->sum = 0;
    activity->oldest = 0;
    activity->started = false;
}

static void start_baseline(tg_activity_t *activity, const int16_t *sample) {
    for (uint8_t channel = 0; channel < activity->config->n_channels; ++channel) {
        activity->baseline[channel] = sample[channel] * BASELINE_ONE;
    }
    activity->started = true;
}

/* |d| is at most 65535, so 8 channels of weight 255 sum to less than 2^27, and the step of the
 * baseline is less than 2^30. */
static uint16_t motion_of(tg_activity_t *activity, const int16_t *sample) {
    const tg_activity_config_t *const config = activity->config;
    const int32_t share = config->baseline_q14;
    const int16_t *const end = sample + config->n_channels;
    const uint8_t *weight = config->weights;
    int32_t *baseline = activity->baseline;
    uint32_t sum = 0;

    do {
        const int32_t difference = *sample++ - (*baseline >> 14);
        sum += tg_abs32(difference) * *weight++;
        *baseline++ += share * difference;
    } while (sample != end);
    return tg_saturate_uint16(sum >> 4);
}

/* floor(sum / length) without a division: for sums up to 65535 * length and length up to
 * TG_MAX_SMOOTH, (sum + 1) * reciprocal / 2^32 lies less than 1 / length below (sum + 1) / length. */
static uint16_t mean_of(const tg_activity_t *activity) {
    return (uint16_t)(((uint64_t)(activity->sum + 1U) * activity->reciprocal) >> 32);
}

uint16_t tg_activity_push(tg_activity_t *activity, const int16_t *sample) {
    if (!activity->started) {
        start_baseline(activity, sample);
    }

    const uint16_t motion = motion_of(activity, sample);
    uint16_t *const oldest = activity->motion + activity->oldest;
    activity->sum += (uint32_t)motion - *oldest;
    *oldest = motion;
    ++activity->oldest;
    if (activity->oldest == activity->config->smooth_length) {
        activity->oldest = 0;
    }
    return mean_of(activity);
}
