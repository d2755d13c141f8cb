/* From the network's logits to an event, or to nothing.
 *
 * margin = best logit - second best, 0..255; score = score_table[margin], or the margin itself.
 * The label is that of the best class (the first of equals), or 0, unknown, when the score is below
 * the label's threshold. Then:
 *  - with agree_of > 1 the label must also be that of at least `agree` of the last agree_of
 *    decisions, this one included, and unknown is never told;
 *  - a label other than unknown is dropped if its segment starts less than `refractory` samples
 *    after the end of the last event that was told and had a label. */
#ifndef TG_DECISION_H
#define TG_DECISION_H

#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_MAX_AGREE 16

typedef struct tg_decision_config tg_decision_config_t;

/* Another way from judged logits to events than one segment after the other. `state` is of the kind's
 * own type. */
typedef struct {
    void (*reset)(void *state);
    bool (*push)(const tg_decision_config_t *config, void *state, const tg_segment_t *segment,
                 const int8_t *logits, tg_event_t *event);
    /* The stream ends before next_index. True: an event that was held back was written. What follows is
     * a reset. */
    bool (*finish)(const tg_decision_config_t *config, void *state, uint32_t next_index,
                   tg_event_t *event);
} tg_decider_kind_t;

struct tg_decision_config {
    uint8_t n_classes;             /* the network's outputs, at least 2 */
    const uint8_t *class_to_label; /* (n_classes) */
    const uint8_t *thresholds;     /* (highest label + 1): the least score of each label */
    const uint8_t *score_table;    /* (256), or NULL */
    uint32_t refractory;           /* samples */
    uint8_t agree;                 /* 1..agree_of */
    uint8_t agree_of;              /* 1..TG_MAX_AGREE */
    const tg_decider_kind_t *decider; /* NULL: each segment by itself, as above */
    const void *decider_config;       /* of the decider's own type */
};

/* What one segment would be called, whatever came before it. */
typedef struct {
    uint8_t label;
    uint8_t score;
} tg_verdict_t;

typedef struct {
    const tg_decision_config_t *config;
    tg_segment_t last;            /* where the last labelled event was */
    uint8_t recent[TG_MAX_AGREE]; /* labels of the last agree_of decisions; 0 where there was none */
    uint8_t oldest;               /* place in recent that the next label replaces */
    bool has_last;
    void *decider_state;
} tg_decision_t;

/* config and decider_state (NULL without a decider) must outlive the decision. */
void tg_decision_init(tg_decision_t *decision, const tg_decision_config_t *config,
                      void *decider_state);

void tg_decision_reset(tg_decision_t *decision);

/* logits is (n_classes): best less second best. */
uint8_t tg_decision_margin(const tg_decision_config_t *config, const int8_t *logits);

/* logits is (n_classes). */
tg_verdict_t tg_decision_judge(const tg_decision_config_t *config, const int8_t *logits);

/* logits is (n_classes). Segments come in the order of their starts. True: event was written. */
bool tg_decision_push(tg_decision_t *decision, const tg_segment_t *segment, const int8_t *logits,
                      tg_event_t *event);

/* The stream ends before next_index. True: event was written, one that a decider had held back. Then as
 * after reset. */
bool tg_decision_finish(tg_decision_t *decision, uint32_t next_index, tg_event_t *event);

#ifdef __cplusplus
}
#endif

#endif
