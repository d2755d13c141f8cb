#include "tg_pad.h"

#include <string.h>

/* Bytes before row (i, j, k) of the input's, in the output. */
static uint32_t row_start(const tg_pad_t *layer, uint32_t i, uint32_t j, uint32_t k) {
    uint32_t at = i + layer->before[0];
    at = at * layer->output_sizes[1] + j + layer->before[1];
    at = at * layer->output_sizes[2] + k + layer->before[2];
    return at * layer->output_sizes[3] + layer->before[3];
}

void tg_pad(const tg_pad_t *layer, const int8_t *input, int8_t *output) {
    const uint32_t *const n = layer->output_sizes;

    memset(output, layer->value, (size_t)n[0] * n[1] * n[2] * n[3]);
    for (uint32_t i = 0; i < layer->input_sizes[0]; ++i) {
        for (uint32_t j = 0; j < layer->input_sizes[1]; ++j) {
            for (uint32_t k = 0; k < layer->input_sizes[2]; ++k) {
                memcpy(output + row_start(layer, i, j, k), input, layer->input_sizes[3]);
                input += layer->input_sizes[3];
            }
        }
    }
}
