/* bins8: Q4 */
#include "tg_box.h"
#include "tg_features.h"
#include "tg_math.h"

#define N_BINS 8

/* |area * 16| <= 2^30 */
static void bins8(const tg_channel_t *channel, int32_t *out) {
    tg_box_areas(channel->x, channel->length, N_BINS, out);
    for (uint8_t i = 0; i < N_BINS; ++i) {
        out[i] = tg_round_divide32(out[i] * 16, channel->length);
    }
}

const tg_feature_kind_t tg_feature_bins8 = {bins8, N_BINS};
