#include "tg_copy.h"

#include <string.h>

void tg_copy(const tg_copy_t *layer, const int8_t *input, int8_t *output) {
    memmove(output, input, layer->n_bytes);
}
