/* Resampling by averaging: each output point is the mean over its share of the input's time. */
#ifndef TG_BOX_H
#define TG_BOX_H

#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sample j of x (n) lasts from j to j + 1. area[i] of (n_points) is n_points times the integral of x
 * from i * n / n_points to (i + 1) * n / n_points, exactly; the mean over that time is area[i] / n.
 *
 * n_points may be more or fewer than n. |area[i]| <= n * 32768. */
void tg_box_areas(const int16_t *x, uint16_t n, uint16_t n_points, int32_t *area);

#ifdef __cplusplus
}
#endif

#endif
