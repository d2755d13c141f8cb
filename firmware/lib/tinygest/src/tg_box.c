#include "tg_box.h"

/* The integral up to the end of a point, times n_points, is n_points * (sum of whole samples) +
 * fraction * (the sample that the end cuts). It is kept modulo 2^32: only differences are used, and
 * those are at most n * 32768 <= 2^26 in magnitude. */
static uint32_t integral(int32_t whole, uint16_t n_points, int32_t cut, uint32_t fraction) {
    return (uint32_t)whole * n_points + (uint32_t)cut * fraction;
}

void tg_box_areas(const int16_t *x, uint16_t n, uint16_t n_points, int32_t *area) {
    const int32_t *const area_end = area + n_points;
    const uint32_t whole_step = n / n_points;
    const uint32_t fraction_step = n % n_points;
    const int16_t *next = x;
    uint32_t fraction = 0;
    int32_t whole = 0;
    uint32_t last = 0;

    for (; area != area_end; ++area) {
        const int16_t *end = next + whole_step;
        fraction += fraction_step;
        if (fraction >= n_points) {
            fraction -= n_points;
            ++end;
        }
        for (; next != end; ++next) {
            whole += *next;
        }
        /* The last end is the end of x: no sample is left to cut. */
        const uint32_t sum = integral(whole, n_points, fraction != 0 ? *next : 0, fraction);
        *area = (int32_t)(sum - last);
        last = sum;
    }
}
