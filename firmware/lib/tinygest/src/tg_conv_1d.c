#include "tg_conv_1d.h"

void tg_conv_1d(const tg_conv_1d_t *layer, const int8_t *input, int8_t *output) {
    tg_run_conv_1d(layer, input, output, false);
}
