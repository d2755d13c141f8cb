/* min, max, range: Q4; argmax, argmin: Q15 */
#include "tg_features.h"

static void minimum(const tg_channel_t *channel, int32_t *out) {
    out[0] = 16 * channel->stats->min;
}

static void maximum(const tg_channel_t *channel, int32_t *out) {
    out[0] = 16 * channel->stats->max;
}

static void range(const tg_channel_t *channel, int32_t *out) {
    out[0] = 16 * (channel->stats->max - channel->stats->min);
}

/* The middle of point i, as a share of the segment: (i + 1/2) / 32, exactly. */
static int32_t place_q15(uint8_t i) {
    return (2 * i + 1) * ((1 << 14) / TG_FEATURE_POINTS);
}

static void place_of_maximum(const tg_channel_t *channel, int32_t *out) {
    out[0] = place_q15(channel->stats->argmax);
}

static void place_of_minimum(const tg_channel_t *channel, int32_t *out) {
    out[0] = place_q15(channel->stats->argmin);
}

const tg_feature_kind_t tg_feature_min = {minimum, 1};
const tg_feature_kind_t tg_feature_max = {maximum, 1};
const tg_feature_kind_t tg_feature_range = {range, 1};
const tg_feature_kind_t tg_feature_argmax = {place_of_maximum, 1};
const tg_feature_kind_t tg_feature_argmin = {place_of_minimum, 1};
