/* p25, median, p75: Q4 */
#include "tg_features.h"

static uint16_t count_up_to(const tg_channel_t *channel, int32_t value) {
    uint16_t count = 0;

    for (uint16_t i = 0; i < channel->length; ++i) {
        count = (uint16_t)(count + (channel->x[i] <= value));
    }
    return count;
}

/* The smallest value that at least `rank` samples do not exceed, by halving the range of values: at
 * most 16 passes, and no copy that could be sorted. */
static int32_t value_of_rank(const tg_channel_t *channel, uint16_t rank) {
    int32_t low = channel->stats->min;
    int32_t high = channel->stats->max;

    while (low < high) {
        const int32_t middle = (low + high) >> 1;
        if (count_up_to(channel, middle) >= rank) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* The smallest sample above value; value itself if there is none. */
static int32_t next_above(const tg_channel_t *channel, int32_t value) {
    int32_t next = channel->stats->max;

    for (uint16_t i = 0; i < channel->length; ++i) {
        if (channel->x[i] > value && channel->x[i] < next) {
            next = channel->x[i];
        }
    }
    return next;
}

/* Linear between order statistics, as numpy's percentile does: with n samples the quartile lies at
 * quarters * (n - 1) / 4 among the sorted ones, so it is a multiple of a quarter count. */
static int32_t quartile_q4(const tg_channel_t *channel, uint8_t quarters) {
    const uint32_t place = quarters * (channel->length - 1U);
    const uint16_t rank = (uint16_t)(place / 4U + 1U);
    const int32_t fraction = (int32_t)(place % 4U);
    const int32_t low = value_of_rank(channel, rank);

    if (fraction == 0 || count_up_to(channel, low) > rank) {
        return 16 * low;
    }
    return 16 * low + 4 * fraction * (next_above(channel, low) - low);
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
