#include "tg_average_pool_2d.h"
#include "tg_requantise.h"

/* sum / n, halves rounded away from zero. */
static int32_t rounded_mean(int32_t sum, int32_t n) {
    return (sum > 0 ? sum + n / 2 : sum - n / 2) / n;
}

/* One channel of one output point; input points to this channel. */
static int32_t average_channel(const tg_average_pool_2d_t *layer, const int8_t *input,
                               tg_taps_t rows, tg_taps_t columns) {
    int32_t sum = 0;
    for (int32_t row = rows.first; row < rows.end; ++row) {
        const int32_t start = (rows.origin + row) * layer->sweep.input_width + columns.origin;
        for (int32_t column = columns.first; column < columns.end; ++column) {
            sum += input[(start + column) * layer->n_channels];
        }
    }
    return rounded_mean(sum, (rows.end - rows.first) * (columns.end - columns.first));
}

void tg_average_pool_2d(const tg_average_pool_2d_t *layer, const int8_t *input, int8_t *output) {
    for (int32_t y = 0; y < layer->sweep.output_height; ++y) {
        const tg_taps_t rows = tg_rows(&layer->sweep, y);
        for (int32_t x = 0; x < layer->sweep.output_width; ++x) {
            const tg_taps_t columns = tg_columns(&layer->sweep, x);
            for (uint32_t channel = 0; channel < layer->n_channels; ++channel) {
                const int32_t mean = average_channel(layer, input + channel, rows, columns);
                *output++ = tg_clamp(mean, layer->minimum, layer->maximum);
            }
        }
    }
}
