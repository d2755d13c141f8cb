#include "tg_conv_2d_quads.h"

#include <string.h>

/* memcpy of small C libraries goes byte by byte. */
static int8_t *copy(int8_t *to, const int8_t *from, int32_t n) {
    for (; n >= 4; n -= 4) {
        memcpy(to, from, 4);
        to += 4;
        from += 4;
    }
    for (; n > 0; --n) {
        *to++ = *from++;
    }
    return to;
}

static int8_t *fill(int8_t *to, int8_t value, int32_t n) {
    for (; n > 0; --n) {
        *to++ = value;
    }
    return to;
}

/* The inputs of an output point, row by row of the kernel. In a row the taps that lie inside the input are
 * neighbours, with all their channels. */
static void gather(const tg_conv_2d_quads_t *layer, const int8_t *input, tg_taps_t rows, tg_taps_t columns,
                   int8_t *patch) {
    const int32_t n_channels = layer->input_channels;
    const int32_t width = layer->sweep.kernel_width;

    for (int32_t row = 0; row < layer->sweep.kernel_height; ++row) {
        const bool is_inside = row >= rows.first && row < rows.end;
        const int32_t first = is_inside ? columns.first : width;
        const int32_t end = is_inside ? columns.end : width;
        const int32_t point = (rows.origin + row) * layer->sweep.input_width + columns.origin + first;
        patch = fill(patch, layer->padding, first * n_channels);
        if (first < end) {
            patch = copy(patch, input + point * n_channels, (end - first) * n_channels);
        }
        patch = fill(patch, layer->padding, (width - end) * n_channels);
    }
}

/* Whether the inputs of a point are neighbours: one row of the kernel, or rows as wide as the input. */
static bool are_neighbours(const tg_sweep_t *sweep, tg_taps_t rows, tg_taps_t columns) {
    const bool all_rows = rows.end - rows.first == sweep->kernel_height;
    const bool all_columns = columns.end - columns.first == sweep->kernel_width;

    return all_rows && all_columns
           && (sweep->kernel_height == 1 || sweep->kernel_width == sweep->input_width);
}

void tg_conv_2d_quads(const tg_conv_2d_quads_t *layer, const int8_t *input, int8_t *output) {
    int8_t patch[TG_MAX_PATCH];

    for (int32_t y = 0; y < layer->sweep.output_height; ++y) {
        const tg_taps_t rows = tg_rows(&layer->sweep, y);
        for (int32_t x = 0; x < layer->sweep.output_width; ++x) {
            const tg_taps_t columns = tg_columns(&layer->sweep, x);
            const int8_t *inputs = patch;
            if (are_neighbours(&layer->sweep, rows, columns)) {
                const int32_t point = rows.origin * layer->sweep.input_width + columns.origin;
                inputs = input + point * layer->input_channels;
            } else {
                gather(layer, input, rows, columns, patch);
            }
            tg_run_quads(&layer->quads, inputs, output, true);
            output += layer->quads.n_outputs;
        }
    }
}
