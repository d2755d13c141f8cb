#include "tg_fft.h"

/* The 32 real points are taken as 16 complex ones z[i] = x[2 i] + j x[2 i + 1] (Sorensen et al., Real-
 * valued fast Fourier transform algorithms, IEEE TASSP 35, 1987). Every stage halves, so no complex
 * magnitude ever exceeds sqrt(2) * 2^29, the largest |z|; sums of two stay below 2^31. */
#define N 16

/* Where decimation in frequency leaves bin k of 16: k with its four bits in reverse. */
static const uint8_t bin_place[N] = {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15};

/* a * b / 2^32, rounded down: one instruction on a Cortex-M4 */
static int32_t multiply_high(int32_t a, int32_t b) {
    return (int32_t)(((int64_t)a * b) >> 32);
}

/* a' = (a + b) / 2, b' = (a - b) / 2 * exp(-2 pi j turn / 32) */
static void butterfly(int32_t *a, int32_t *b, const int32_t *turn) {
    const int32_t a_r = a[0];
    const int32_t a_i = a[1];
    const int32_t b_r = b[0];
    const int32_t b_i = b[1];
    const int32_t cosine = turn[0];
    const int32_t sine = turn[1];
    const int32_t r = a_r - b_r;
    const int32_t i = a_i - b_i;

    a[0] = (a_r + b_r) >> 1;
    a[1] = (a_i + b_i) >> 1;
    b[0] = multiply_high(r, cosine) + multiply_high(i, sine);
    b[1] = multiply_high(i, cosine) - multiply_high(r, sine);
}

/* Butterflies between points `half` apart, in blocks of 2 * half. */
static void stage(int32_t *z, uint8_t half) {
    const uint8_t turn_step = (uint8_t)(N / half); /* 32 / (2 * half) */

    for (uint8_t first = 0; first < N; first = (uint8_t)(first + 2 * half)) {
        for (uint8_t i = 0; i < half; ++i) {
            int32_t *const a = z + 2 * (first + i);
            butterfly(a, a + 2 * half, tg_fft_turns + 2 * turn_step * i);
        }
    }
}

/* The last two stages together: their factors are 1 and -j. */
static void last_stages(int32_t *z) {
    for (int32_t *p = z; p < z + 2 * N; p += 8) {
        const int32_t sum_r = (p[0] + p[4]) >> 1;
        const int32_t sum_i = (p[1] + p[5]) >> 1;
        const int32_t difference_r = (p[0] - p[4]) >> 1;
        const int32_t difference_i = (p[1] - p[5]) >> 1;
        const int32_t odd_sum_r = (p[2] + p[6]) >> 1;
        const int32_t odd_sum_i = (p[3] + p[7]) >> 1;
        const int32_t odd_difference_r = (p[3] - p[7]) >> 1; /* times -j */
        const int32_t odd_difference_i = (p[6] - p[2]) >> 1;

        p[0] = (sum_r + odd_sum_r) >> 1;
        p[1] = (sum_i + odd_sum_i) >> 1;
        p[2] = (sum_r - odd_sum_r) >> 1;
        p[3] = (sum_i - odd_sum_i) >> 1;
        p[4] = (difference_r + odd_difference_r) >> 1;
        p[5] = (difference_i + odd_difference_i) >> 1;
        p[6] = (difference_r - odd_difference_r) >> 1;
        p[7] = (difference_i - odd_difference_i) >> 1;
    }
}

/* From bins k and 16 - k of the complex transform to those of the real one:
 * X[k] = even + odd, X[16 - k] = conjugate of (even - odd), with
 * even = (Z[k] + conj Z[16 - k]) / 2, odd = (Z[k] - conj Z[16 - k]) / 2j * exp(-2 pi j k / 32). */
static void separate(int32_t *low, int32_t *high, const int32_t *turn) {
    const int32_t even_r = (low[0] + high[0]) >> 1;
    const int32_t even_i = (low[1] - high[1]) >> 1;
    const int32_t twice_r = low[1] + high[1];
    const int32_t twice_i = high[0] - low[0];
    const int32_t cosine = turn[0];
    const int32_t sine = turn[1];
    const int32_t odd_r = multiply_high(twice_r, cosine) + multiply_high(twice_i, sine);
    const int32_t odd_i = multiply_high(twice_i, cosine) - multiply_high(twice_r, sine);

    low[0] = even_r + odd_r;
    low[1] = even_i + odd_i;
    high[0] = even_r - odd_r;
    high[1] = odd_i - even_i;
}

void tg_fft_real32(int32_t *x) {
    stage(x, 8);
    stage(x, 4);
    last_stages(x);

    x[0] = x[0] - x[1]; /* X[16]; bin 0 is not wanted */
    x[1] = 0;
    for (uint8_t k = 1; k < N / 2; ++k) {
        separate(x + 2 * bin_place[k], x + 2 * bin_place[N - k], tg_fft_turns + 2 * k);
    }
    x[2 * bin_place[N / 2] + 1] = -x[2 * bin_place[N / 2] + 1]; /* X[8] = conj Z[8] */
}

uint64_t tg_fft_power(const int32_t *x, uint8_t k) {
    const int32_t *const bin = x + 2 * bin_place[k % N];

    return (uint64_t)((int64_t)bin[0] * bin[0]) + (uint64_t)((int64_t)bin[1] * bin[1]);
}
