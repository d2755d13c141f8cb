/* A file of its own: inlined into the loops around it, it has too few registers left. */
#include "tg_dot.h"

int32_t tg_dot(const int8_t *input, int32_t offset, const int8_t *weights, uint32_t n) {
    int32_t sum = 0;

    for (uint32_t i = 0; i < n; ++i) {
        sum += (input[i] + offset) * weights[i];
    }
    return sum;
}
