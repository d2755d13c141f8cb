/* log_std4: Q11 */
#include "tg_features.h"
#include "tg_log2.h"

#define SQUARE (TG_QUARTER_POINTS * TG_QUARTER_POINTS)
#define LOG2_SQUARE_Q10 (6 << 10)

/* log2 sqrt(1 + spread / n^2) for each quarter. Half a logarithm in Q10 is the same number in Q11. */
static void log_std4(const tg_channel_t *channel, int32_t *out) {
    for (uint8_t q = 0; q < TG_QUARTERS; ++q) {
        out[q] = tg_log2_q10(SQUARE + channel->stats->quarter_spreads[q]) - LOG2_SQUARE_Q10;
    }
}

const tg_feature_kind_t tg_feature_log_std4 = {log_std4, TG_QUARTERS};
