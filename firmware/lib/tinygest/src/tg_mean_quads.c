#include "tg_mean_quads.h"

#include "tg_channel_sums.h"

static void average_quad(const tg_mean_quads_t *layer, const int8_t *input, int8_t *output) {
    tg_channel_sums_t sums = {0};

    tg_add_points(&sums, input, layer->n_averaged, layer->n_channels);
    for (uint32_t i = 0; i < 4u; ++i) {
        const int32_t sum = tg_channel_sum(&sums, i) - layer->input_sum;
        output[i] = tg_scaled(sum, &layer->scale, layer->output_zero_point);
    }
}

void tg_mean_quads(const tg_mean_quads_t *layer, const int8_t *input, int8_t *output) {
    const uint32_t last = layer->n_channels - 4u;

    for (uint32_t outer = 0; outer < layer->n_outer; ++outer) {
        for (uint32_t channel = 0; channel < last; channel += 4u) {
            average_quad(layer, input + channel, output + channel);
        }
        average_quad(layer, input + last, output + last); /* may overlap the one before */
        input += (uint32_t)layer->n_averaged * layer->n_channels;
        output += layer->n_channels;
    }
}
