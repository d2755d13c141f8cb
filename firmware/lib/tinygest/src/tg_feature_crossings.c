/* crossings: Q15 */
#include "tg_features.h"
#include "tg_math.h"

#define N_STEPS (TG_FEATURE_POINTS - 1)

/* 32 level - 32 x has the sign that tells on which side x is; it changes where two signs differ. */
static void crossings(const tg_channel_t *channel, int32_t *out) {
    const int32_t level = channel->stats->whole.sum;
    const int16_t *x = channel->x;
    const int16_t *const last = x + N_STEPS;
    uint32_t previous = (uint32_t)(level - TG_FEATURE_POINTS * *x);
    uint32_t count = 0;

    do {
        const uint32_t below = (uint32_t)(level - TG_FEATURE_POINTS * *++x);
        count += (below ^ previous) >> 31;
        previous = below;
    } while (x != last);
    out[0] = tg_round_divide32((int32_t)(count << 15), N_STEPS);
}

const tg_feature_kind_t tg_feature_crossings = {crossings, 1};
