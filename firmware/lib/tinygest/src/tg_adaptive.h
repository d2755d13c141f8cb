/* Segments of movement between two levels that follow the wearer: shares of a causal running peak.
 *
 * A movement starts at activity >= max(start_level, floor(start_share * peak / 2^16)) and goes on
 * while activity >= the same of stop, peak being that of tg_running_peak.h with this sample in it. The
 * rest is as in tg_hysteresis.h. */
#ifndef TG_ADAPTIVE_H
#define TG_ADAPTIVE_H

#include "tg_hysteresis.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    tg_hysteresis_config_t movement; /* its levels are the least that adaptation comes down to */
    uint16_t start_share;            /* of the peak, Q16; at least stop_share */
    uint16_t stop_share;             /* of the peak, Q16 */
    uint16_t decay_q16;              /* share of the peak that is forgotten a sample */
} tg_adaptive_config_t;

typedef struct {
    tg_hysteresis_t movement;
    uint32_t peak_q16; /* of activity */
} tg_adaptive_t;

/* config is tg_adaptive_config_t, state is tg_adaptive_t. */
extern const tg_segmenter_kind_t tg_adaptive_kind;

#ifdef __cplusplus
}
#endif

#endif
