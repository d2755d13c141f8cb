#include "tg_mean.h"

void tg_mean(const tg_mean_t *layer, const int8_t *input, int8_t *output) {
    for (uint32_t outer = 0; outer < layer->n_outer; ++outer) {
        for (uint32_t inner = 0; inner < layer->n_inner; ++inner) {
            int32_t sum = -layer->input_sum;
            for (uint32_t i = 0; i < layer->n_averaged; ++i) {
                sum += input[i * layer->n_inner + inner];
            }
            *output++ = tg_requantise(&layer->requantise, sum, 0);
        }
        input += layer->n_averaged * layer->n_inner;
    }
}
