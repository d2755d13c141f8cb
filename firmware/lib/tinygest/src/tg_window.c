#include "tg_window.h"

#include <stddef.h>

#include "tg_box.h"
#include "tg_math.h"

/* raw = area * multiplier / 2^shift */
typedef struct {
    int32_t multiplier;
    uint8_t shift;
} tg_gain_t;

/* floor(x * 2^32 / divisor) for x < divisor, bit by bit: a library's division of 64 bits would cost more
 * flash than all of this file. */
static uint32_t quotient(uint32_t x, uint32_t divisor) {
    uint32_t result = 0;

    for (uint8_t i = 0; i < 32; ++i) {
        const bool fits = x > INT32_MAX || 2U * x >= divisor; /* 2 x may need 33 bits */
        x = 2U * x - (fits ? divisor : 0U);
        result = 2U * result + (fits ? 1U : 0U);
    }
    return result;
}

/* 2^12 * (area / n) / sqrt(squares / 3n) = area * 3 * 2^12 / sqrt(3n * squares).
 * 3n * squares < 2^56; scaled by 4^k its root is in [2^31, 2^32), so the multiplier is below
 * 3 * 2^12 * 2^48 / 2^31 < 2^31. k is at most 31, which leaves shifts of 17 and more. */
static tg_gain_t rms_gain(uint64_t squares, uint16_t n) {
    const uint64_t power = 3U * n * squares;
    tg_gain_t gain = {0, 17};

    if (power != 0) {
        const uint8_t zeros = (uint8_t)(tg_clz64(power) & 0xFEU);
        const uint32_t root = tg_isqrt64(power << zeros);
        gain.multiplier = (int32_t)quotient(UINT32_C(3) << 28, root); /* (3 << 60) / root */
        gain.shift = (uint8_t)(48U - zeros / 2U);
    }
    return gain;
}

/* |area| <= 2^27, so the product is below 2^58. A quotient is at most sqrt(3n) times 2^12. */
static void divide_by_rms(int32_t *areas, uint16_t n_points, tg_gain_t gain) {
    const int32_t *const end = areas + n_points;

    for (; areas != end; ++areas) {
        if (gain.shift > 32) {
            *areas = tg_multiply_shift(*areas, gain.multiplier, gain.shift);
        } else {
            *areas = tg_round_shift_capped((int64_t)*areas * gain.multiplier, gain.shift, INT32_MAX);
        }
    }
}

/* Q4 means, halves up: an unsigned division, of sums that no int16 makes negative and that stay below
 * 2^31 + 2^10. */
static void divide_by_length(int32_t *areas, uint16_t n_points, uint16_t n) {
    const uint32_t bias = (uint32_t)n * (1U << 19) + n / 2U;

    for (int32_t *area = areas; area != areas + n_points; ++area) {
        *area = (int32_t)((((uint32_t)*area << 4) + bias) / n) - (1 << 19);
    }
}

/* |area| <= 2^26 of each axis, so their norm is below 2^27. Saturated like a sample. */
static void to_magnitudes(int32_t *areas, uint16_t n_points, uint16_t n) {
    const int32_t *const y = areas + n_points;
    const int32_t *const z = y + n_points;
    const uint32_t most = (uint32_t)n * INT16_MAX;

    for (uint16_t i = 0; i < n_points; ++i) {
        const uint64_t squares = (uint64_t)((int64_t)areas[i] * areas[i]) +
                                 (uint64_t)((int64_t)y[i] * y[i]) + (uint64_t)((int64_t)z[i] * z[i]);
        const uint32_t norm = tg_isqrt64(squares);
        areas[i] = (int32_t)(norm < most ? norm : most);
    }
}

/* One channel's points to their places among all channels. */
static void emit(const tg_window_config_t *window, uint8_t c, const int32_t *values, int32_t *raw,
                 int8_t *input) {
    if (raw != NULL) {
        int32_t *place = raw + c;
        for (uint16_t i = 0; i < window->n_points; ++i) {
            *place = values[i];
            place += window->n_channels;
        }
    }
    if (input != NULL) {
        tg_quantise_alike(&window->channels[c].affine, window->zero_point, values, window->n_points,
                          input + c, window->n_channels);
    }
}

/* The areas of channel c and, if they are none but the ring's own, of those after it, as many as fit.
 * Returns how many were computed. */
static uint8_t compute_areas(const tg_window_config_t *window, uint8_t c, const tg_ring_t *ring,
                             const tg_segment_t *segment, int32_t *areas) {
    const tg_window_channel_t *const channel = &window->channels[c];
    uint8_t channels[TG_BOX_CHANNELS] = {channel->source.first, channel->source.first,
                                         channel->source.first};
    uint8_t n = 1;

    if (channel->source.is_magnitude) {
        ++channels[1];
        channels[2] = (uint8_t)(channels[2] + 2);
        tg_box_areas(ring, segment, channels, window->n_points, areas);
        to_magnitudes(areas, window->n_points, segment->length);
        return n;
    }
    while (n < TG_BOX_CHANNELS && c + n < window->n_channels && !channel[n].source.is_magnitude) {
        channels[n] = channel[n].source.first;
        ++n;
    }
    tg_box_areas(ring, segment, channels, window->n_points, areas);
    return n;
}

void tg_window_extract(const void *config, const tg_ring_t *ring, const tg_segment_t *segment,
                       void *scratch, int32_t *raw, int8_t *input) {
    const tg_window_config_t *const window = (const tg_window_config_t *)config;
    int32_t *areas = (int32_t *)scratch;
    uint8_t n_computed = 0;
    uint8_t triad = TG_WINDOW_ABSOLUTE;
    tg_gain_t gain = {0, 0};

    for (uint8_t c = 0; c < window->n_channels; ++c) {
        const tg_window_channel_t *const channel = &window->channels[c];
        const bool is_absolute = channel->triad == TG_WINDOW_ABSOLUTE;
        if (c == n_computed) {
            areas = (int32_t *)scratch;
            n_computed = (uint8_t)(c + compute_areas(window, c, ring, segment, areas));
        }
        if (!is_absolute && channel->triad != triad) { /* neighbours share a triad */
            triad = channel->triad;
            gain = rms_gain(tg_box_squares(ring, segment, triad), segment->length);
        }
        if (is_absolute) {
            divide_by_length(areas, window->n_points, segment->length);
        } else {
            divide_by_rms(areas, window->n_points, gain);
        }
        emit(window, c, areas, raw, input);
        areas += window->n_points;
    }
}
