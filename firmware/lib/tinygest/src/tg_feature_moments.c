/* mean, std, rms: Q4 */
#include "tg_features.h"
#include "tg_math.h"

/* |16 * sum| <= 2^30 */
static void mean(const tg_channel_t *channel, int32_t *out) {
    out[0] = tg_round_divide32(channel->stats->whole.sum * 16, channel->length);
}

/* sqrt(v / n^2) in Q4, for v = spread or n * squares, at most 2^52: 16^2 v <= 2^60. */
static int32_t root_q4(uint64_t v, uint16_t n) {
    return (int32_t)((tg_isqrt64(v << 8) + n / 2U) / n);
}

static void deviation(const tg_channel_t *channel, int32_t *out) {
    out[0] = root_q4(channel->stats->spread, channel->length);
}

static void rms(const tg_channel_t *channel, int32_t *out) {
    const tg_part_t *const whole = &channel->stats->whole;

    out[0] = root_q4((uint64_t)(whole->length * whole->squares), whole->length);
}

const tg_feature_kind_t tg_feature_mean = {mean, 1};
const tg_feature_kind_t tg_feature_std = {deviation, 1};
const tg_feature_kind_t tg_feature_rms = {rms, 1};
