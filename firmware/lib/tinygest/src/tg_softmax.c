/* The fixed-point softmax of TensorFlow Lite (gemmlowp), with its exponential as a table: a
 * difference of two int8 takes one of 256 values. */
#include "tg_softmax.h"
#include "tg_requantise.h"

enum { SUM_FRACTION_BITS = 19 }; /* the sum of exponentials is Q12.19 */

static int32_t largest(const int8_t *values, uint32_t n) {
    int32_t best = values[0];
    for (uint32_t i = 1; i < n; ++i) {
        best = values[i] > best ? values[i] : best;
    }
    return best;
}

static uint32_t leading_zeros(uint32_t x) {
    uint32_t n = 0;
    while (n < 32u && (x & (UINT32_C(0x80000000) >> n)) == 0) {
        ++n;
    }
    return n;
}

static int32_t saturating_shift_left(int32_t x, uint32_t n) {
    const int64_t wide = (int64_t)x * (INT64_C(1) << n);
    if (wide > INT32_MAX) {
        return INT32_MAX;
    }
    return wide < INT32_MIN ? INT32_MIN : (int32_t)wide;
}

/* 1 / (1 + x) in Q0.31 for x in [0, 1), Q0.31: three Newton steps from 48/17 - 32/17 * d, where
 * d = (1 + x) / 2. Intermediate values are Q2.29. */
static int32_t reciprocal_of_one_plus(int32_t x) {
    const int32_t half = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2);
    int32_t y = INT32_C(1515870810) + tg_high_multiply(half, -INT32_C(1010580540));

    for (int step = 0; step < 3; ++step) {
        const int32_t error = (INT32_C(1) << 29) - tg_high_multiply(half, y);
        y += saturating_shift_left(tg_high_multiply(y, error), 2);
    }
    return saturating_shift_left(y, 1);
}

static void softmax_row(const tg_softmax_t *layer, const int8_t *input, int8_t *output) {
    const int32_t best = largest(input, layer->n_classes);
    int32_t sum = 0;
    for (uint32_t i = 0; i < layer->n_classes; ++i) {
        const uint32_t below = (uint32_t)(best - input[i]);
        sum += below < layer->n_powers ? tg_rounding_shift(layer->powers[below], 12) : 0;
    }

    /* sum = (1 + x) * 2^(unit_bits), x in [0, 1); at least one term is e^0, so unit_bits >= 0 */
    const uint32_t headroom = leading_zeros((uint32_t)sum);
    const uint32_t unit_bits = 31u - SUM_FRACTION_BITS - headroom;
    const int32_t fraction = (int32_t)(((uint32_t)sum << headroom) - UINT32_C(0x80000000));
    const int32_t reciprocal = reciprocal_of_one_plus(fraction);

    for (uint32_t i = 0; i < layer->n_classes; ++i) {
        const uint32_t below = (uint32_t)(best - input[i]);
        const int32_t power = below < layer->n_powers ? layer->powers[below] : 0;
        const int32_t share = tg_rounding_shift(tg_high_multiply(reciprocal, power), unit_bits + 23u);
        output[i] = tg_clamp(share - 128, INT8_MIN, INT8_MAX);
    }
}

void tg_softmax(const tg_softmax_t *layer, const int8_t *input, int8_t *output) {
    for (uint32_t row = 0; row < layer->n_rows; ++row) {
        softmax_row(layer, input, output);
        input += layer->n_classes;
        output += layer->n_classes;
    }
}
