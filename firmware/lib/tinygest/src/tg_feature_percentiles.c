/* p25, median, p75: Q4 */
#include "tg_features.h"

/* By insertion: 32 points are too few for anything cleverer to pay. */
static void sort(const int16_t *x, int16_t *sorted) {
    for (uint8_t n = 0; n < TG_FEATURE_POINTS; ++n) {
        const int16_t value = x[n];
        uint8_t place = n;
        for (; place > 0 && sorted[place - 1] > value; --place) {
            sorted[place] = sorted[place - 1];
        }
        sorted[place] = value;
    }
}

static const int16_t *order_of(const tg_channel_t *channel) {
    if (!channel->order->is_known) {
        sort(channel->x, channel->order->sorted);
        channel->order->is_known = true;
    }
    return channel->order->sorted;
}

/* Linear between order statistics, as numpy's percentile does: the quartile lies at quarters * 31 / 4
 * among the sorted points, so it is a multiple of a quarter count. */
static int32_t quartile_q4(const tg_channel_t *channel, uint8_t quarters) {
    const uint8_t place = (uint8_t)(quarters * (TG_FEATURE_POINTS - 1));
    const int16_t *const low = order_of(channel) + place / 4;

    return 16 * low[0] + 4 * (place % 4) * (low[1] - low[0]);
}

static void lower_quartile(const tg_channel_t *channel, int32_t *out) {
    out[0] = quartile_q4(channel, 1);
}

static void median(const tg_channel_t *channel, int32_t *out) {
    out[0] = quartile_q4(channel, 2);
}

static void upper_quartile(const tg_channel_t *channel, int32_t *out) {
    out[0] = quartile_q4(channel, 3);
}

const tg_feature_kind_t tg_feature_p25 = {lower_quartile, 1};
const tg_feature_kind_t tg_feature_median = {median, 1};
const tg_feature_kind_t tg_feature_p75 = {upper_quartile, 1};
