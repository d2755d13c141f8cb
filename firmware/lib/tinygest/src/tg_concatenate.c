#include "tg_concatenate.h"

#include <string.h>

void tg_concatenate(const tg_concatenate_t *layer, const int8_t *input, int8_t *output) {
    output += layer->start;
    for (uint32_t i = 0; i < layer->n_rows; ++i) {
        memcpy(output, input, layer->n_bytes);
        input += layer->n_bytes;
        output += layer->row;
    }
}
