#include "tg_conv_1d.h"

#include <string.h>

/* A window that begins `start` bytes into the input, before it where negative. */
static TG_NOINLINE void set_padded(const tg_conv_1d_t *layer, const int8_t *input, int32_t start,
                                   tg_windows_t *windows, uint32_t which) {
    const int32_t n = layer->pairs.n_inputs;
    const int32_t end = (int32_t)layer->input_bytes - start;
    const int32_t first = start < 0 ? -start : 0;
    const int32_t last = end < n ? end : n;
    int8_t inputs[TG_MAX_WINDOW];

    memset(inputs, layer->padding, sizeof inputs);
    if (first < last) {
        memcpy(inputs + first, input + start + first, (size_t)(last - first));
    }
    tg_set_window(windows, which, inputs, (uint32_t)n);
}

static void set_window(const tg_conv_1d_t *layer, const int8_t *input, uint32_t point, tg_windows_t *windows,
                       uint32_t which) {
    const int32_t start = (int32_t)(point * layer->step) - layer->pad_left;

    if (start >= 0 && (uint32_t)start + layer->pairs.n_inputs <= layer->input_bytes) {
        tg_set_window(windows, which, input + start, layer->pairs.n_inputs);
    } else {
        set_padded(layer, input, start, windows, which);
    }
}

void tg_conv_1d(const tg_conv_1d_t *layer, const int8_t *input, int8_t *output) {
    const uint32_t last = layer->n_points - 2u;
    tg_windows_t windows;

    for (uint32_t point = 0; point <= last; point += 2u) {
        set_window(layer, input, point, &windows, 0);
        set_window(layer, input, point + 1u, &windows, 1);
        tg_pairs(&layer->pairs, &windows, output + point * layer->pairs.n_outputs);
        if (point + 1u == last) {
            --point; /* an odd number of points: the last two pairs of them overlap */
        }
    }
}
