/* mean, std, rms: Q4 */
#include "tg_features.h"
#include "tg_math.h"

static void mean(const tg_channel_t *channel, int32_t *out) {
    out[0] = tg_round_divide32(channel->stats->whole.sum * 16, TG_FEATURE_POINTS);
}

/* sqrt(v) / 32 in Q4 for v = spread or 32 squares, at most 2^40: half the root. */
static int32_t root_q4(uint64_t v) {
    return (int32_t)(tg_isqrt64(v << 6) + 8U) >> 4;
}

static void deviation(const tg_channel_t *channel, int32_t *out) {
    out[0] = root_q4(channel->stats->spread);
}

static void rms(const tg_channel_t *channel, int32_t *out) {
    out[0] = root_q4(TG_FEATURE_POINTS * channel->stats->whole.squares);
}

const tg_feature_kind_t tg_feature_mean = {mean, 1};
const tg_feature_kind_t tg_feature_std = {deviation, 1};
const tg_feature_kind_t tg_feature_rms = {rms, 1};
