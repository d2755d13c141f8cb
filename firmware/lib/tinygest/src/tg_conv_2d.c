#include "tg_conv_2d.h"

#include "tg_dot.h"

/* All channels of one output point. In a row of the kernel the taps that lie inside the input are
 * neighbours, with all their channels, in input and weights alike. */
static void convolve_point(const tg_conv_2d_t *layer, const int8_t *input, tg_taps_t rows,
                           tg_taps_t columns, int8_t *output) {
    const int32_t n_channels = layer->input_channels;
    const int32_t tap_row = layer->sweep.kernel_width * n_channels;
    const int32_t input_row = layer->sweep.input_width * n_channels;
    const uint32_t n = (uint32_t)((columns.end - columns.first) * n_channels);
    const int8_t *const corner = input + (columns.origin + columns.first) * n_channels;
    const int8_t *weights = layer->weights + columns.first * n_channels;

    for (uint32_t channel = 0; channel < layer->output_channels; ++channel) {
        int32_t sum = layer->bias[channel];
        for (int32_t row = rows.first; row < rows.end; ++row) {
            sum += tg_dot(corner + (rows.origin + row) * input_row, layer->input_offset,
                          weights + row * tap_row, n);
        }
        output[channel] = tg_requantise(&layer->requantise, sum, channel);
        weights += layer->sweep.kernel_height * tap_row;
    }
}

void tg_conv_2d(const tg_conv_2d_t *layer, const int8_t *input, int8_t *output) {
    for (int32_t y = 0; y < layer->sweep.output_height; ++y) {
        const tg_taps_t rows = tg_rows(&layer->sweep, y);
        for (int32_t x = 0; x < layer->sweep.output_width; ++x) {
            convolve_point(layer, input, rows, tg_columns(&layer->sweep, x), output);
            output += layer->output_channels;
        }
    }
}
