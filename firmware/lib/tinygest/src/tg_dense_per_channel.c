#include "tg_dense_per_channel.h"

void tg_dense_per_channel(const tg_dense_per_channel_t *layer, const int8_t *input, int8_t *output) {
    tg_run_quads(layer, input, output, true);
}
