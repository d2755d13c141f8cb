/* A window of fixed length around each peak of activity.
 *
 * A candidate is the first sample with activity >= max(level, floor(level_share * p / 2^16)), p being
 * the running peak of tg_running_peak.h before this sample, whose rise_share is at least the lowest
 * activity since the horizon of the peak before: activity has come down and risen again (after a reset
 * it counts as risen). A higher sample takes its place. When `horizon` samples in a row were not higher, it is a peak, and its window
 * is [peak - pre, peak - pre + length), but does not start before the last reset nor the end of the
 * window before; a peak inside the window before has none. The window is told when its last sample
 * has come and the horizon is over. At the end of the stream a candidate is a peak, and a window of which
 * at least half has come is told so far. */
#ifndef TG_PEAK_H
#define TG_PEAK_H

#include "tg_segmenter.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint16_t level;       /* activity, at least 1 */
    uint16_t level_share; /* of the running peak, Q16; 0 for a level that does not adapt */
    uint16_t decay_q16;   /* share of the running peak that is forgotten a sample */
    uint16_t rise_share; /* Q16 */
    uint16_t horizon;    /* samples, at least 1 */
    uint16_t length;     /* samples, 1..TG_MAX_SEGMENT */
    uint16_t pre;        /* samples, less than length */
} tg_peak_config_t;

typedef struct {
    uint32_t next_index; /* of the next sample */
    uint32_t earliest;   /* where a window may start */
    uint32_t running_q16; /* the wearer's peak */
    uint32_t peak_index; /* of the candidate */
    uint32_t start;      /* of the open window */
    uint32_t stop;
    uint16_t peak;       /* activity of the candidate, 0 when there is none */
    uint16_t valley;     /* lowest activity since the last peak's horizon */
    bool open;           /* a window waits for its last sample */
} tg_peak_t;

/* config is tg_peak_config_t, state is tg_peak_t. */
extern const tg_segmenter_kind_t tg_peak_kind;

#ifdef __cplusplus
}
#endif

#endif
