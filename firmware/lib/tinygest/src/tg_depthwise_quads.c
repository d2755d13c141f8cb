#include "tg_depthwise_quads.h"

void tg_depthwise_quads(const tg_depthwise_quads_t *layer, const int8_t *input, int8_t *output) {
    tg_run_depthwise(layer, input, output, false);
}
