#include "tg_general_conv_2d.h"

#include "tg_dot.h"

/* As tg_taps, with taps `dilation` points apart. */
static tg_taps_t dilated_taps(int32_t output, uint16_t stride, uint16_t pad, uint16_t kernel,
                              uint16_t input_size, uint16_t dilation) {
    tg_taps_t taps;
    taps.origin = output * stride - pad;
    taps.first = taps.origin < 0 ? (dilation - 1 - taps.origin) / dilation : 0;
    taps.end = (input_size - taps.origin + dilation - 1) / dilation;
    taps.end = taps.end < kernel ? taps.end : kernel;
    return taps;
}

/* One output channel of one point: input points to the first channel of its group. */
static int32_t convolve(const tg_general_conv_2d_t *layer, const int8_t *input,
                        const int8_t *weights, tg_taps_t rows, tg_taps_t columns) {
    const int32_t n_channels = layer->n_groups * layer->group_inputs;
    int32_t sum = 0;

    for (int32_t row = rows.first; row < rows.end; ++row) {
        const int32_t y = rows.origin + row * layer->dilation_height;
        for (int32_t column = columns.first; column < columns.end; ++column) {
            const int32_t x = columns.origin + column * layer->dilation_width;
            const int32_t tap = row * layer->sweep.kernel_width + column;
            sum += tg_dot(input + (y * layer->sweep.input_width + x) * n_channels,
                          layer->input_offset, weights + tap * layer->group_inputs,
                          layer->group_inputs);
        }
    }
    return sum;
}

/* All channels of one output point. */
static void convolve_point(const tg_general_conv_2d_t *layer, const int8_t *input, tg_taps_t rows,
                           tg_taps_t columns, int8_t *output) {
    const int32_t filter =
        layer->sweep.kernel_height * layer->sweep.kernel_width * layer->group_inputs;
    const int8_t *weights = layer->weights;
    uint32_t channel = 0;

    for (uint32_t group = 0; group < layer->n_groups; ++group) {
        for (uint32_t i = 0; i < layer->group_outputs; ++i) {
            const int32_t sum = convolve(layer, input, weights, rows, columns);
            output[channel] = tg_requantise(&layer->requantise, layer->bias[channel] + sum, channel);
            weights += filter;
            ++channel;
        }
        input += layer->group_inputs;
    }
}

void tg_general_conv_2d(const tg_general_conv_2d_t *layer, const int8_t *input, int8_t *output) {
    const tg_sweep_t *const sweep = &layer->sweep;

    for (int32_t y = 0; y < sweep->output_height; ++y) {
        const tg_taps_t rows =
            dilated_taps(y, sweep->stride_height, sweep->pad_top, sweep->kernel_height,
                         sweep->input_height, layer->dilation_height);
        for (int32_t x = 0; x < sweep->output_width; ++x) {
            const tg_taps_t columns =
                dilated_taps(x, sweep->stride_width, sweep->pad_left, sweep->kernel_width,
                             sweep->input_width, layer->dilation_width);
            convolve_point(layer, input, rows, columns, output);
            output += layer->n_groups * layer->group_outputs;
        }
    }
}
