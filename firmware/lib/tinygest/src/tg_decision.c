#include "tg_decision.h"

#include <stddef.h>

void tg_decision_init(tg_decision_t *decision, const tg_decision_config_t *config) {
    decision->config = config;
    tg_decision_reset(decision);
}

void tg_decision_reset(tg_decision_t *decision) {
    for (uint8_t i = 0; i < TG_MAX_AGREE; ++i) {
        decision->recent[i] = 0;
    }
    decision->oldest = 0;
    decision->has_last = false;
}

tg_verdict_t tg_decision_judge(const tg_decision_config_t *config, const int8_t *logits) {
    int16_t best = INT8_MIN;
    int16_t second = INT8_MIN;
    uint8_t best_class = 0;
    tg_verdict_t verdict;

    for (uint8_t i = 0; i < config->n_classes; ++i) {
        if (i == 0 || logits[i] > best) {
            second = best;
            best = logits[i];
            best_class = i;
        } else if (logits[i] > second) {
            second = logits[i];
        }
    }
    verdict.score = (uint8_t)(best - second);
    if (config->score_table != NULL) {
        verdict.score = config->score_table[verdict.score];
    }
    verdict.label = config->class_to_label[best_class];
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
    const tg_verdict_t verdict = tg_decision_judge(decision->config, logits);

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
