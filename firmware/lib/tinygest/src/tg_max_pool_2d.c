#include "tg_max_pool_2d.h"

#include <string.h>

/* All channels of one output point: the range's lower end, or whatever is larger. */
static void pool_point(const tg_max_pool_2d_t *layer, const int8_t *input, tg_taps_t rows,
                       tg_taps_t columns, int8_t *output) {
    const int32_t n = layer->n_channels;

    memset(output, layer->minimum, layer->n_channels);
    for (int32_t row = rows.first; row < rows.end; ++row) {
        const int32_t start = (rows.origin + row) * layer->sweep.input_width + columns.origin;
        const int8_t *tap = input + (start + columns.first) * n;
        for (int32_t column = columns.first; column < columns.end; ++column) {
            for (int32_t channel = 0; channel < n; ++channel) {
                output[channel] = tap[channel] > output[channel] ? tap[channel] : output[channel];
            }
            tap += n;
        }
    }
    for (int32_t channel = 0; channel < n; ++channel) {
        output[channel] = output[channel] < layer->maximum ? output[channel] : layer->maximum;
    }
}

void tg_max_pool_2d(const tg_max_pool_2d_t *layer, const int8_t *input, int8_t *output) {
    for (int32_t y = 0; y < layer->sweep.output_height; ++y) {
        const tg_taps_t rows = tg_rows(&layer->sweep, y);
        for (int32_t x = 0; x < layer->sweep.output_width; ++x) {
            pool_point(layer, input, rows, tg_columns(&layer->sweep, x), output);
            output += layer->n_channels;
        }
    }
}
