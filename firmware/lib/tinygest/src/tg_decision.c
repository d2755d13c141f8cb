#include "tg_decision.h"

#include <stddef.h>

void tg_decision_init(tg_decision_t *decision, const tg_decision_config_t *config,
                      void *decider_state) {
    decision->config = config;
    decision->decider_state = decider_state;
    tg_decision_reset(decision);
}

void tg_decision_reset(tg_decision_t *decision) {
    for (uint8_t i = 0; i < TG_MAX_AGREE; ++i) {
        decision->recent[i] = 0;
    }
    decision->oldest = 0;
    decision->has_last = false;
    if (decision->config->decider != NULL) {
        decision->config->decider->reset(decision->decider_state);
    }
}

typedef struct {
    uint8_t class_index; /* the first of equals */
    uint8_t margin;
} best_t;

static best_t best_of(const tg_decision_config_t *config, const int8_t *logits) {
    int16_t first = logits[0];
    int16_t second = INT8_MIN;
    best_t best = {0, 0};

    for (uint8_t i = 1; i < config->n_classes; ++i) {
        if (logits[i] > first) {
            second = first;
            first = logits[i];
            best.class_index = i;
        } else if (logits[i] > second) {
            second = logits[i];
        }
    }
    best.margin = (uint8_t)(first - second);
    return best;
}

uint8_t tg_decision_margin(const tg_decision_config_t *config, const int8_t *logits) {
    return best_of(config, logits).margin;
}

tg_verdict_t tg_decision_judge(const tg_decision_config_t *config, const int8_t *logits) {
    const best_t best = best_of(config, logits);
    tg_verdict_t verdict = {config->class_to_label[best.class_index], best.margin};

    if (config->score_table != NULL) {
        verdict.score = config->score_table[best.margin];
    }
    if (verdict.score < config->thresholds[verdict.label]) {
        verdict.label = 0;
    }
    return verdict;
}

/* Notes the label and tells whether enough of the last decisions agree with it. */
static bool agrees(tg_decision_t *decision, uint8_t label) {
    const tg_decision_config_t *const config = decision->config;
    uint8_t n_same = 0;

    if (config->agree_of == 1) {
        return true;
    }
    decision->recent[decision->oldest] = label;
    ++decision->oldest;
    if (decision->oldest == config->agree_of) {
        decision->oldest = 0;
    }
    for (uint8_t i = 0; i < config->agree_of; ++i) {
        n_same = (uint8_t)(n_same + (decision->recent[i] == label ? 1 : 0));
    }
    return label != 0 && n_same >= config->agree;
}

/* Counted from the last event's start, so that the comparison holds until indices wrap. */
static bool is_refractory(const tg_decision_t *decision, const tg_segment_t *segment) {
    return decision->has_last &&
           segment->start - decision->last.start < decision->last.length + decision->config->refractory;
}

bool tg_decision_push(tg_decision_t *decision, const tg_segment_t *segment, const int8_t *logits,
                      tg_event_t *event) {
    const tg_decision_config_t *const config = decision->config;

    if (config->decider != NULL) {
        return config->decider->push(config, decision->decider_state, segment, logits, event);
    }
    const tg_verdict_t verdict = tg_decision_judge(config, logits);

    if (!agrees(decision, verdict.label)) {
        return false;
    }
    if (verdict.label != 0) {
        if (is_refractory(decision, segment)) {
            return false;
        }
        decision->last = *segment;
        decision->has_last = true;
    }
    event->label = verdict.label;
    event->score = verdict.score;
    event->start = segment->start;
    event->length = segment->length;
    return true;
}

bool tg_decision_finish(tg_decision_t *decision, uint32_t next_index, tg_event_t *event) {
    const tg_decision_config_t *const config = decision->config;
    const tg_decider_kind_t *const decider = config->decider;
    const bool told = decider != NULL &&
                      decider->finish(config, decision->decider_state, next_index, event);

    tg_decision_reset(decision);
    return told;
}
