/* crossings: Q15 */
#include "tg_features.h"
#include "tg_math.h"

/* The largest integer not above sum / n: an integer sample exceeds the mean if it exceeds this. */
static int32_t floor_of_mean(int32_t sum, uint16_t n) {
    const int32_t quotient = sum / n;

    return sum < quotient * n ? quotient - 1 : quotient;
}

/* The sign of level - x tells on which side x is; it changes where two signs differ. */
static uint32_t count_crossings(const int16_t *x, uint16_t n, int32_t level) {
    const int16_t *const end = x + n;
    uint32_t previous = (uint32_t)(level - *x);
    uint32_t count = 0;

    while (x != end) {
        const uint32_t below = (uint32_t)(level - *x);
        ++x;
        count += (below ^ previous) >> 31;
        previous = below;
    }
    return count;
}

/* count * 2^15 <= 2^26 */
static void crossings(const tg_channel_t *channel, int32_t *out) {
    const uint16_t n = channel->length;
    const int32_t level = floor_of_mean(channel->stats->whole.sum, n);

    out[0] = 0;
    if (n > 1) {
        const uint32_t count = count_crossings(channel->x, n, level);
        out[0] = tg_round_divide32((int32_t)(count << 15), n - 1U);
    }
}

const tg_feature_kind_t tg_feature_crossings = {crossings, 1};
