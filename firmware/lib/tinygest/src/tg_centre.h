/* Events from the answers to overlapping windows: where the averaged logits are surest is a centre.
 *
 * Windows have one length and come every hop samples. The logits of the last `smooth` windows are
 * averaged (rounded to the nearest, halves away from zero) and judged as in tg_decision.h: class, margin,
 * score, threshold. A candidate is an average with a label other than unknown; one with a larger margin
 * takes its place, whatever its label. When `horizon` averages in a row were not surer, the candidate is
 * an event of lengths[label] samples around its centre, which lies `offset` samples after the start of
 * the last window in it. An event does not start before the first window after a reset, nor less than
 * `refractory` samples (less than 2^28) after the end of the event before; if more than half of it would have to go for
 * that, it is dropped. Unknown is never told, and agreement is not looked at. At the end of the stream the
 * candidate is an event, cut off where the stream ends. */
#ifndef TG_CENTRE_H
#define TG_CENTRE_H

#include "tg_decision.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_MAX_CENTRE_SMOOTH 16 /* windows */

typedef struct {
    const uint16_t *lengths; /* (highest label + 1) samples of an event; the one of unknown is not used */
    int32_t offset;          /* samples */
    uint8_t smooth;          /* windows, 1..TG_MAX_CENTRE_SMOOTH */
    uint8_t horizon;         /* windows, at least 1 */
} tg_centre_config_t;

typedef struct {
    int8_t *logits;      /* the caller's memory, (smooth + 1, n_classes): the last ones and their average */
    uint32_t earliest;   /* where an event may start */
    uint32_t centre;     /* of the candidate, a sample index */
    uint8_t label;       /* of the candidate; 0 when there is none */
    uint8_t score;
    uint8_t margin;
    uint8_t age;         /* averages since the candidate */
    uint8_t n_seen;      /* windows since the last reset, up to smooth */
    uint8_t oldest;      /* row that the next logits replace */
} tg_centre_t;

/* logits is (smooth + 1, n_classes); it must outlive the centre detector. */
void tg_centre_init(tg_centre_t *centre, int8_t *logits);

/* For tg_decision_config_t: decider_config is tg_centre_config_t, decider_state is tg_centre_t. */
extern const tg_decider_kind_t tg_centre_kind;

#ifdef __cplusplus
}
#endif

#endif
