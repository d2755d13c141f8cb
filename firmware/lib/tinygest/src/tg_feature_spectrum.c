/* spectrum: Q10; centroid: Q10 */
#include "tg_box.h"
#include "tg_features.h"
#include "tg_log2.h"
#include "tg_math.h"

#define N_BANDS 5

/* Bands are octaves: bins 1, 2-3, 4-7, 8-15, 16-32. Each ends before this bin. */
static const uint8_t band_ends[N_BANDS] = {2, 4, 8, 16, 33};

/* How far areas of n samples are shifted left before the window: n << shift is in (2^13, 2^14]. */
static uint8_t area_shift(uint16_t n) {
    return (uint8_t)(tg_clz32(n - 1U) - 18U);
}

/* 64 points by averaging, minus the mean, times the window. With areas in units of 1/n count, the
 * difference from the mean is below n * 2^16, so below 2^30 when shifted; the window halves it. */
static void compute_bins(const tg_channel_t *channel, int32_t *bins) {
    const uint8_t shift = area_shift(channel->length);

    tg_box_areas(channel->x, channel->length, TG_FFT_POINTS, bins);
    for (uint8_t i = 0; i < TG_FFT_POINTS; ++i) {
        const int32_t window = tg_fft_hann[i < TG_FFT_POINTS / 2 ? i : TG_FFT_POINTS - 1 - i];
        const int32_t deviation = (bins[i] - channel->stats->whole.sum) * (1 << shift);
        bins[i] = (int32_t)(((int64_t)deviation * window) >> 32);
    }
    tg_fft_real64(bins);
}

static const int32_t *spectrum_of(const tg_channel_t *channel) {
    if (!channel->spectrum->is_known) {
        compute_bins(channel, channel->spectrum->bins);
        channel->spectrum->is_known = true;
    }
    return channel->spectrum->bins;
}

/* Twice the power of a bin below the last, which has no mirror image: one-sided, as scipy's
 * periodogram. All bins together stay below 2^59. */
static uint64_t one_sided_power(const int32_t *bins, uint8_t k) {
    const uint64_t power = tg_fft_power(bins, k);

    return k == TG_FFT_BINS ? power / 2U : power;
}

/* One count squared, in units of one_sided_power. A bin holds X / 32 * (n << shift) / 2, and the power
 * is 2 |X|^2 / (64 * sum of window^2), whose sum is 24: 64 * 24 / 2 * (n << shift)^2 / 64^2. */
static uint32_t unit_power(uint16_t n) {
    const uint32_t scale = (uint32_t)n << area_shift(n); /* a multiple of 8, at most 2^14 */

    return scale * scale / 16U * 3U;
}

/* log2(unit + power) - log2(unit) */
static void spectrum(const tg_channel_t *channel, int32_t *out) {
    const int32_t *const bins = spectrum_of(channel);
    const uint32_t unit = unit_power(channel->length);
    const int32_t log_unit = tg_log2_q10(unit);
    uint8_t k = 1;

    for (uint8_t band = 0; band < N_BANDS; ++band) {
        uint64_t power = unit;
        for (; k < band_ends[band]; ++k) {
            power += one_sided_power(bins, k);
        }
        out[band] = tg_log2_q10(power) - log_unit;
    }
}

/* Sum of k * power / (unit + sum of power); the sums are below 2^64 and 2^59. Sixteen leading bits
 * of the divisor leave room for the quotient's 32 * 2^10 in 32 bits. */
static void centroid(const tg_channel_t *channel, int32_t *out) {
    const int32_t *const bins = spectrum_of(channel);
    uint64_t total = unit_power(channel->length);
    uint64_t weighted = 0;

    for (uint8_t k = 1; k <= TG_FFT_BINS; ++k) {
        const uint64_t power = one_sided_power(bins, k);
        total += power;
        weighted += k * power;
    }
    const uint8_t shift = (uint8_t)(48U - tg_clz64(total));
    const uint32_t divisor = (uint32_t)(total >> shift); /* 2^15 to 2^16 */
    const uint32_t dividend = (uint32_t)(weighted >> shift);
    out[0] = (int32_t)(((dividend << 10) + divisor / 2U) / divisor);
}

const tg_feature_kind_t tg_feature_spectrum = {spectrum, N_BANDS};
const tg_feature_kind_t tg_feature_centroid = {centroid, 1};
