/* log_jerk: Q10 */
#include "tg_features.h"
#include "tg_log2.h"
#include "tg_math.h"

/* Sum of |x[i] - x[i - 1]|, below 2^11 * 2^16. */
static uint32_t variation(const int16_t *x, uint16_t n) {
    const int16_t *const end = x + n;
    int32_t previous = *x;
    uint32_t sum = 0;

    while (x != end) {
        const int32_t value = *x;
        ++x;
        sum += tg_abs32(value - previous);
        previous = value;
    }
    return sum;
}

/* log2(1 + variation / steps) = log2(steps + variation) - log2(steps) */
static void log_jerk(const tg_channel_t *channel, int32_t *out) {
    const uint32_t steps = channel->length - 1U;

    out[0] = 0;
    if (steps > 0) {
        const uint32_t sum = steps + variation(channel->x, channel->length);
        out[0] = tg_log2_q10(sum) - tg_log2_q10(steps);
    }
}

const tg_feature_kind_t tg_feature_log_jerk = {log_jerk, 1};
