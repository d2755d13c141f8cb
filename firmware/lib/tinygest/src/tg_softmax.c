/* The fixed-point softmax of TensorFlow Lite (gemmlowp), with its exponential as a table: a
 * difference of two int8 takes one of 256 values. Powers below 2^-9 count in the sum alone, which has 12
 * bits less: their share is below half of the output's 1/256. */
#include "tg_softmax.h"

#include "tg_dsp.h"
#include "tg_requantise.h"

/* a * b / 2^31, halves up, for |a| < 2^30. */
static inline int32_t multiply(int32_t a, int32_t b) {
#if TG_DSP
    return tg_smmulr(2 * a, b);
#else
    return tg_high_multiply(a, b);
#endif
}

/* 1 / (2 * half) in Q0.31, saturated, for half in [1/2, 1), Q0.31: three Newton steps from
 * 48/17 - 32/17 * half in Q2.29, all below 2. */
static uint32_t half_of_reciprocal(int32_t half) {
    int32_t y = INT32_C(1515870810) + multiply(-INT32_C(1010580540), half);

    for (int step = 0; step < 3; ++step) {
        const int32_t error = (INT32_C(1) << 29) - multiply(y, half);
        y += 4 * multiply(error, y);
    }
    return y > INT32_MAX / 2 ? (uint32_t)INT32_MAX : 2u * (uint32_t)y;
}

static uint32_t leading_zeros(uint32_t x) {
#if defined(__GNUC__)
    return (uint32_t)__builtin_clz(x);
#else
    uint32_t n = 0;
    for (; (x & UINT32_C(0x80000000)) == 0; x <<= 1) {
        ++n;
    }
    return n;
#endif
}

/* exp(-scale * below) in Q12.19. */
static uint32_t term(const tg_softmax_t *layer, uint32_t below) {
    const uint32_t small = below - layer->n_powers;

    if (below < layer->n_powers) {
        return ((uint32_t)layer->powers[below] + 2048u) >> 12;
    }
    return small < layer->n_terms ? layer->terms[small] : 0u;
}

/* Of one row, which has a class at least. */
static void softmax_row(const tg_softmax_t *layer, const int8_t *input, int8_t *output) {
    const int8_t *const end = input + layer->n_classes;
    const int8_t *x = input;
    int32_t best = INT8_MIN;
    uint32_t sum = 0; /* Q12.19 */

    do {
        best = *x > best ? *x : best;
    } while (++x != end);
    x = input;
    do {
        sum += term(layer, (uint32_t)(best - *x));
    } while (++x != end);

    /* One term is e^0, so 2^19 <= sum < 2^28, and the shares below are shifted by 23 to 31. */
    const uint32_t headroom = leading_zeros(sum);
    const uint32_t reciprocal = half_of_reciprocal((int32_t)((sum << headroom) >> 1));
    const uint32_t shift_less_1 = 34u - headroom;

    x = input;
    do {
        const uint32_t below = (uint32_t)(best - *x);
        const uint32_t power = below < layer->n_powers ? (uint32_t)layer->powers[below] : 0u;
        const uint64_t product = (uint64_t)reciprocal * power + (UINT32_C(1) << 30);
        const uint32_t share = (((uint32_t)(product >> 31) >> shift_less_1) + 1u) >> 1;
        *output++ = (int8_t)(share - (share >> 8) - 128u); /* 256 becomes 255 */
    } while (++x != end);
}

void tg_softmax(const tg_softmax_t *layer, const int8_t *input, int8_t *output) {
    for (uint32_t rows = layer->n_rows; rows > 0; --rows) {
        softmax_row(layer, input, output);
        input += layer->n_classes;
        output += layer->n_classes;
    }
}
