/* spectrum: Q10; centroid: Q10 */
#include "tg_features.h"
#include "tg_log2.h"
#include "tg_math.h"

#define N_BANDS 4

/* Bands are octaves: bins 1, 2-3, 4-7, 8-16. Each ends before this bin. */
static const uint8_t band_ends[N_BANDS] = {2, 4, 8, TG_FFT_BINS + 1};

/* One count squared, in units of one_sided_power. The FFT is given 2^9 N (x - mean) times the window in
 * Q31 over 2^32, and divides by N / 2: a bin holds 2^9 X. The power is 2 |X|^2 / (N * sum of window^2),
 * and that sum is 3 N / 8. */
#define SHIFT 9
#define UNIT_POWER ((3U * TG_FFT_POINTS * TG_FFT_POINTS / 8U) << (2 * SHIFT))

/* The points minus their mean, times the window. A difference from the mean is below N * 2^16, so
 * below 2^30 when shifted; the window halves it. */
static void compute_bins(const tg_channel_t *channel, int32_t *bins) {
    for (uint8_t i = 0; i < TG_FFT_POINTS; ++i) {
        const int32_t window = tg_fft_hann[i < TG_FFT_POINTS / 2 ? i : TG_FFT_POINTS - 1 - i];
        const int32_t deviation = TG_FEATURE_POINTS * channel->x[i] - channel->stats->whole.sum;
        bins[i] = (int32_t)(((int64_t)(deviation * (1 << SHIFT)) * window) >> 32);
    }
    tg_fft_real32(bins);
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

    return k == TG_FFT_BINS ? power : 2U * power;
}

/* log2(unit + power) - log2(unit) */
static void spectrum(const tg_channel_t *channel, int32_t *out) {
    const int32_t *const bins = spectrum_of(channel);
    const int32_t log_unit = tg_log2_q10(UNIT_POWER);
    uint8_t k = 1;

    for (uint8_t band = 0; band < N_BANDS; ++band) {
        uint64_t power = UNIT_POWER;
        for (; k < band_ends[band]; ++k) {
            power += one_sided_power(bins, k);
        }
        out[band] = tg_log2_q10(power) - log_unit;
    }
}

/* Sum of k * power / (unit + sum of power); the sums are below 2^63 and 2^59. Sixteen leading bits
 * of the divisor leave room for the quotient's 16 * 2^10 in 32 bits. */
static void centroid(const tg_channel_t *channel, int32_t *out) {
    const int32_t *const bins = spectrum_of(channel);
    uint64_t total = UNIT_POWER;
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
