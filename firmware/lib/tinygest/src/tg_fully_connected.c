#include "tg_fully_connected.h"

#include "tg_dot.h"

static void connect_row(const tg_fully_connected_t *layer, const int8_t *input, int8_t *output) {
    const int8_t *weights = layer->weights;

    for (uint32_t i = 0; i < layer->n_outputs; ++i) {
        const int32_t sum = layer->bias[i] + tg_dot(input, 0, weights, layer->n_inputs);
        output[i] = tg_requantise(&layer->requantise, sum, i);
        weights += layer->n_inputs;
    }
}

void tg_fully_connected(const tg_fully_connected_t *layer, const int8_t *input, int8_t *output) {
    for (uint32_t row = 0; row < layer->n_rows; ++row) {
        connect_row(layer, input, output);
        input += layer->n_inputs;
        output += layer->n_outputs;
    }
}
