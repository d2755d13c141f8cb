#include "tg_window.h"

#include <stddef.h>

#include "tg_box.h"
#include "tg_math.h"

/* raw = area * multiplier / 2^shift */
typedef struct {
    uint32_t multiplier;
    uint8_t shift;
} tg_gain_t;

/* A triad's 3 * 2^11 squares of at most 2^30 add up to less than 2^43. */
static uint64_t triad_squares(uint8_t first, const tg_ring_t *ring, const tg_segment_t *segment,
                              int16_t *samples) {
    uint64_t squares = 0;

    for (uint8_t axis = 0; axis < 3; ++axis) {
        tg_ring_copy_channel(ring, segment, (uint8_t)(first + axis), samples);
        for (uint16_t i = 0; i < segment->length; ++i) {
            squares += (uint64_t)((int64_t)samples[i] * samples[i]);
        }
    }
    return squares;
}

/* 2^12 * (area / n) / sqrt(squares / 3n) = area * 3 * 2^12 / sqrt(3n * squares).
 * 3n * squares < 2^56; scaled by 4^k its root is in [2^31, 2^32), so the multiplier is below
 * 3 * 2^12 * 2^49 / 2^31 < 2^32. k is at most 31, which leaves shifts of 18 and more. */
static tg_gain_t rms_gain(uint64_t squares, uint16_t n) {
    const uint64_t power = 3U * n * squares;
    tg_gain_t gain = {0, 18};

    if (power != 0) {
        const uint8_t zeros = (uint8_t)(tg_clz64(power) & 0xFEU);
        const uint32_t root = tg_isqrt64(power << zeros);
        gain.multiplier = (uint32_t)((UINT64_C(3) << 61) / root);
        gain.shift = (uint8_t)(49U - zeros / 2U);
    }
    return gain;
}

/* |area| <= 2^26, so the product is below 2^58. A quotient is at most sqrt(3n) times 2^12. */
static int32_t multiply(tg_gain_t gain, int32_t area) {
    return (int32_t)tg_round_shift64((int64_t)area * gain.multiplier, gain.shift);
}

/* |16 * area| <= 2^30 */
static void scale_areas(int32_t *areas, uint16_t n_points, uint16_t n, const tg_gain_t *gain) {
    for (uint16_t i = 0; i < n_points; ++i) {
        areas[i] = gain != NULL ? multiply(*gain, areas[i]) : tg_round_divide32(areas[i] * 16, n);
    }
}

/* One channel's points to their places among all channels. */
static void emit(const tg_window_config_t *window, uint8_t c, const int32_t *values, int32_t *raw,
                 int8_t *input) {
    size_t place = c;

    for (uint16_t i = 0; i < window->n_points; ++i) {
        if (raw != NULL) {
            raw[place] = values[i];
        }
        if (input != NULL) {
            input[place] =
                tg_affine_quantise(&window->channels[c].affine, window->zero_point, values[i]);
        }
        place += window->n_channels;
    }
}

void tg_window_extract(const void *config, const tg_ring_t *ring, const tg_segment_t *segment,
                       void *scratch, int32_t *raw, int8_t *input) {
    const tg_window_config_t *const window = (const tg_window_config_t *)config;
    int32_t *const areas = (int32_t *)scratch;
    int16_t *const samples = (int16_t *)(areas + window->n_points);
    uint8_t triad = TG_WINDOW_ABSOLUTE;
    tg_gain_t gain = {0, 0};

    for (uint8_t c = 0; c < window->n_channels; ++c) {
        const tg_window_channel_t *const channel = &window->channels[c];
        const bool is_absolute = channel->triad == TG_WINDOW_ABSOLUTE;
        if (!is_absolute && channel->triad != triad) { /* neighbours share a triad */
            triad = channel->triad;
            gain = rms_gain(triad_squares(triad, ring, segment, samples), segment->length);
        }
        tg_source_copy(&channel->source, ring, segment, samples);
        tg_box_areas(samples, segment->length, window->n_points, areas);
        scale_areas(areas, window->n_points, segment->length, is_absolute ? NULL : &gain);
        emit(window, c, areas, raw, input);
    }
}
