/* Resampling by averaging: each output point is the mean over its share of the input's time. */
#ifndef TG_BOX_H
#define TG_BOX_H

#include "tg_ring.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_BOX_CHANNELS 3 /* at once: the loop over the segment costs less than three loops */

/* Sample j of the segment's n lasts from j to j + 1. areas is (TG_BOX_CHANNELS, n_points): areas[c][i] is
 * n_points times the integral of channels[c] from i * n / n_points to (i + 1) * n / n_points, exactly;
 * the mean over that time is areas[c][i] / n. A channel may be named more than once.
 *
 * n_points may be more or fewer than n. |areas[c][i]| <= n * 32768. */
void tg_box_areas(const tg_ring_t *ring, const tg_segment_t *segment,
                  const uint8_t channels[TG_BOX_CHANNELS], uint16_t n_points, int32_t *areas);

/* Sum of the squares of a triad's samples, below 3 * 2^41. */
uint64_t tg_box_squares(const tg_ring_t *ring, const tg_segment_t *segment, uint8_t first);

#ifdef __cplusplus
}
#endif

#endif
