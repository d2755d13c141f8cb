/* bins8: Q4 */
#include "tg_features.h"

#define N_BINS 8
#define BIN_POINTS (TG_FEATURE_POINTS / N_BINS)

static void bins8(const tg_channel_t *channel, int32_t *out) {
    const int16_t *x = channel->x;

    for (uint8_t i = 0; i < N_BINS; ++i) {
        int32_t sum = 0;
        for (uint8_t j = 0; j < BIN_POINTS; ++j) {
            sum += x[j];
        }
        out[i] = 16 / BIN_POINTS * sum;
        x += BIN_POINTS;
    }
}

const tg_feature_kind_t tg_feature_bins8 = {bins8, N_BINS};
