#include "tg_dense.h"

void tg_dense(const tg_dense_t *layer, const int8_t *input, int8_t *output) {
    tg_run_quads(layer, input, output, false);
}
