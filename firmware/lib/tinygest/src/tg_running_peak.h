/* How hard the wearer moves: a causal running peak of activity that is slowly forgotten.
 *
 * In Q16, with d = decay_q16; 0 after a reset:
 *   p[n] = max(activity[n] * 2^16, p[n-1] - d * floor(p[n-1] / 2^16)),  peak[n] = floor(p[n] / 2^16) */
#ifndef TG_RUNNING_PEAK_H
#define TG_RUNNING_PEAK_H

#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Returns the peak with this sample in it, 0..65535. */
static inline uint32_t tg_running_peak(uint32_t *peak_q16, uint16_t activity, uint16_t decay_q16) {
    const uint32_t now = (uint32_t)activity << 16;
    const uint32_t before = *peak_q16 - (*peak_q16 >> 16) * decay_q16;

    *peak_q16 = now > before ? now : before;
    return *peak_q16 >> 16;
}

/* The larger one of a level and a share (Q16) of the peak. */
static inline uint32_t tg_level_over(uint32_t peak, uint16_t share_q16, uint16_t level) {
    const uint32_t share = (peak * share_q16) >> 16;

    return share > level ? share : level;
}

#ifdef __cplusplus
}
#endif

#endif
