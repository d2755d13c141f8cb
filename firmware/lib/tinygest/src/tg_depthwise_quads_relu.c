#include "tg_depthwise_quads_relu.h"

void tg_depthwise_quads_relu(const tg_depthwise_quads_relu_t *layer, const int8_t *input, int8_t *output) {
    tg_run_depthwise(layer, input, output, true);
}
