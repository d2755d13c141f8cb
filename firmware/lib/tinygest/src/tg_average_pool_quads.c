#include "tg_average_pool_quads.h"

#include "tg_channel_sums.h"
#include "tg_requantise.h"

/* Four channels of one output point; input points to the first of them. */
static void average_quad(const tg_average_pool_quads_t *layer, const int8_t *input, tg_taps_t rows,
                         tg_taps_t columns, int8_t *output) {
    const int32_t n_columns = columns.end - columns.first;
    const int32_t n = (rows.end - rows.first) * n_columns;
    tg_channel_sums_t sums = {0};

    for (int32_t row = rows.first; row < rows.end; ++row) {
        const int32_t start = (rows.origin + row) * layer->sweep.input_width + columns.origin + columns.first;
        tg_add_points(&sums, input + start * layer->n_channels, (uint32_t)n_columns, layer->n_channels);
    }
    const int32_t half = (int32_t)((uint32_t)n / 2u);
    const int8_t minimum = layer->minimum;
    const int8_t maximum = layer->maximum;
    for (uint32_t i = 0; i < 4u; ++i) {
        const int32_t sum = tg_channel_sum(&sums, i);
        const int32_t mean = (sum > 0 ? sum + half : sum - half) / n; /* halves away from zero */
        output[i] = tg_clamp(mean, minimum, maximum);
    }
}

void tg_average_pool_quads(const tg_average_pool_quads_t *layer, const int8_t *input, int8_t *output) {
    const uint32_t last = layer->n_channels - 4u;

    for (int32_t y = 0; y < layer->sweep.output_height; ++y) {
        const tg_taps_t rows = tg_rows(&layer->sweep, y);
        for (int32_t x = 0; x < layer->sweep.output_width; ++x) {
            const tg_taps_t columns = tg_columns(&layer->sweep, x);
            for (uint32_t channel = 0; channel < last; channel += 4u) {
                average_quad(layer, input + channel, rows, columns, output + channel);
            }
            average_quad(layer, input + last, rows, columns, output + last); /* may overlap */
            output += layer->n_channels;
        }
    }
}
