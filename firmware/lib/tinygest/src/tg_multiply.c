#include "tg_multiply.h"

#include "tg_requantise.h"

static void multiply_row(const tg_multiply_t *layer, const int8_t *a, const int8_t *b,
                         int8_t *output) {
    const uint32_t n = layer->over.sizes[3];
    const uint32_t a_step = layer->over.a_steps[3];
    const uint32_t b_step = layer->over.b_steps[3];

    for (uint32_t i = 0; i < n; ++i) {
        const int32_t product = (*a + layer->a_offset) * (*b + layer->b_offset);
        const int32_t scaled = tg_scale(product, layer->multiplier, layer->shift);
        output[i] = tg_clamp(scaled + layer->zero_point, layer->minimum, layer->maximum);
        a += a_step;
        b += b_step;
    }
}

void tg_multiply(const tg_multiply_t *layer, const int8_t *a, const int8_t *b, int8_t *output) {
    const uint32_t n_rows = tg_broadcast_rows(&layer->over);
    for (uint32_t row = 0; row < n_rows; ++row) {
        const tg_broadcast_row_t start = tg_broadcast_row(&layer->over, row);
        multiply_row(layer, a + start.a, b + start.b, output);
        output += layer->over.sizes[3];
    }
}
