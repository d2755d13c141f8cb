#include "tg_depthwise_conv_2d.h"

/* One channel of one output point; input and weights point to this channel. */
static int32_t convolve_channel(const tg_depthwise_conv_2d_t *layer, const int8_t *input,
                                const int8_t *weights, tg_taps_t rows, tg_taps_t columns) {
    const int32_t input_step = layer->input_channels;
    const int32_t weight_step = input_step * layer->depth_multiplier;
    const int32_t offset = layer->input_offset;
    int32_t sum = 0;

    for (int32_t row = rows.first; row < rows.end; ++row) {
        const int32_t input_row = (rows.origin + row) * layer->sweep.input_width + columns.origin;
        const int32_t weight_row = row * layer->sweep.kernel_width;
        for (int32_t column = columns.first; column < columns.end; ++column) {
            sum += (input[(input_row + column) * input_step] + offset)
                   * weights[(weight_row + column) * weight_step];
        }
    }
    return sum;
}

static void convolve_point(const tg_depthwise_conv_2d_t *layer, const int8_t *input,
                           tg_taps_t rows, tg_taps_t columns, int8_t *output) {
    uint32_t channel = 0;
    for (uint32_t source = 0; source < layer->input_channels; ++source) {
        for (uint32_t i = 0; i < layer->depth_multiplier; ++i) {
            const int32_t sum = convolve_channel(layer, input + source, layer->weights + channel,
                                                 rows, columns);
            output[channel] = tg_requantise(&layer->requantise, layer->bias[channel] + sum, channel);
            ++channel;
        }
    }
}

void tg_depthwise_conv_2d(const tg_depthwise_conv_2d_t *layer, const int8_t *input,
                          int8_t *output) {
    const int32_t n_outputs = layer->input_channels * layer->depth_multiplier;

    for (int32_t y = 0; y < layer->sweep.output_height; ++y) {
        const tg_taps_t rows = tg_rows(&layer->sweep, y);
        for (int32_t x = 0; x < layer->sweep.output_width; ++x) {
            convolve_point(layer, input, rows, tg_columns(&layer->sweep, x), output);
            output += n_outputs;
        }
    }
}
