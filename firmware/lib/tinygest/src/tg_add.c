#include "tg_add.h"

#include "tg_requantise.h"

enum { HEADROOM = 1 << 20 };

static void add_row(const tg_add_t *layer, const int8_t *a, const int8_t *b, int8_t *output) {
    const uint32_t n = layer->over.sizes[3];
    const uint32_t a_step = layer->over.a_steps[3];
    const uint32_t b_step = layer->over.b_steps[3];

    for (uint32_t i = 0; i < n; ++i) {
        const int32_t x = (*a + layer->a_offset) * HEADROOM;
        const int32_t y = (*b + layer->b_offset) * HEADROOM;
        const int32_t sum = tg_scale(x, layer->a_multiplier, layer->a_shift)
                            + layer->b_sign * tg_scale(y, layer->b_multiplier, layer->b_shift);
        const int32_t scaled = tg_scale(sum, layer->output_multiplier, layer->output_shift);
        output[i] = tg_clamp(scaled + layer->zero_point, layer->minimum, layer->maximum);
        a += a_step;
        b += b_step;
    }
}

void tg_add(const tg_add_t *layer, const int8_t *a, const int8_t *b, int8_t *output) {
    const uint32_t n_rows = tg_broadcast_rows(&layer->over);
    for (uint32_t row = 0; row < n_rows; ++row) {
        const tg_broadcast_row_t start = tg_broadcast_row(&layer->over, row);
        add_row(layer, a + start.a, b + start.b, output);
        output += layer->over.sizes[3];
    }
}
