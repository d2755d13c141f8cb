/* log_jerk: Q10 */
#include "tg_features.h"
#include "tg_log2.h"
#include "tg_math.h"

#define N_STEPS (TG_FEATURE_POINTS - 1)
#define LOG2_N_STEPS_Q10 5073

/* log2(1 + variation / steps) = log2(steps + variation) - log2(steps); variation, the sum of
 * |x[i] - x[i - 1]|, is below 2^21. */
static void log_jerk(const tg_channel_t *channel, int32_t *out) {
    const int16_t *x = channel->x;
    const int16_t *const last = x + N_STEPS;
    int32_t previous = *x;
    uint32_t sum = N_STEPS;

    do {
        const int32_t value = *++x;
        sum += tg_abs32(value - previous);
        previous = value;
    } while (x != last);
    out[0] = tg_log2_q10(sum) - LOG2_N_STEPS_Q10;
}

const tg_feature_kind_t tg_feature_log_jerk = {log_jerk, 1};
