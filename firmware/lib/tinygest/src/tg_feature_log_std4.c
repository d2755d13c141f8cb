/* log_std4: Q11 */
#include "tg_features.h"
#include "tg_log2.h"

/* log2 sqrt(1 + spread / n^2) for each quarter. Half a logarithm in Q10 is the same number in Q11. */
static void log_std4(const tg_channel_t *channel, int32_t *out) {
    for (uint8_t q = 0; q < TG_QUARTERS; ++q) {
        const tg_part_t *const quarter = &channel->stats->quarters[q];
        const uint32_t n2 = (uint32_t)quarter->length * quarter->length;

        out[q] = tg_log2_q10(n2 + tg_spread(quarter)) - tg_log2_q10(n2);
    }
}

const tg_feature_kind_t tg_feature_log_std4 = {log_std4, TG_QUARTERS};
