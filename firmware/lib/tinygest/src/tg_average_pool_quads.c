#include "tg_average_pool_quads.h"

#include "tg_channel_sums.h"
#include "tg_requantise.h"

/* sum / n, halves away from zero, within the activation's range. */
static TG_INLINE int8_t mean_of(const tg_average_pool_quads_t *layer, int32_t sum, int32_t n) {
    const int32_t half = (int32_t)((uint32_t)n / 2u);

    return tg_clamp((sum > 0 ? sum + half : sum - half) / n, layer->minimum, layer->maximum);
}

/* One output point: all channels of the n_rows * n_columns input points from `first` on. */
static void average_point(const tg_average_pool_quads_t *layer, const int8_t *first, uint32_t n_rows,
                          uint32_t n_columns, int8_t *output) {
    const uint32_t n_channels = layer->n_channels;
    const uint32_t last = n_channels - 4u;
    const int32_t n = (int32_t)(n_rows * n_columns);

    for (uint32_t channel = 0;; channel += 4u) {
        tg_channel_sums_t sums = {0};
        channel = channel < last ? channel : last; /* where it may overlap the quad before */
        const int8_t *row = first + channel;
        for (uint32_t left = n_rows; left > 0; --left) {
            tg_add_points(&sums, row, n_columns, n_channels);
            row += layer->sweep.input_width * n_channels;
        }
        output[channel] = mean_of(layer, tg_channel_sum(&sums, 0), n);
        output[channel + 1u] = mean_of(layer, tg_channel_sum(&sums, 1), n);
        output[channel + 2u] = mean_of(layer, tg_channel_sum(&sums, 2), n);
        output[channel + 3u] = mean_of(layer, tg_channel_sum(&sums, 3), n);
        if (channel == last) {
            return;
        }
    }
}

void tg_average_pool_quads(const tg_average_pool_quads_t *layer, const int8_t *input, int8_t *output) {
    for (int32_t y = 0; y < layer->sweep.output_height; ++y) {
        const tg_taps_t rows = tg_rows(&layer->sweep, y);
        for (int32_t x = 0; x < layer->sweep.output_width; ++x) {
            const tg_taps_t columns = tg_columns(&layer->sweep, x);
            const int32_t first = (rows.origin + rows.first) * layer->sweep.input_width
                                  + columns.origin + columns.first;
            average_point(layer, input + first * layer->n_channels, (uint32_t)(rows.end - rows.first),
                          (uint32_t)(columns.end - columns.first), output);
            output += layer->n_channels;
        }
    }
}
