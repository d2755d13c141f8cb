#include "tg_classifier.h"

#include <stddef.h>

#include "tg_trace.h"

static void clear_logits(tg_classifier_t *classifier) {
    for (uint8_t i = 0; i < classifier->config->decision.n_classes; ++i) {
        classifier->logits[i] = 0;
    }
}

void tg_classifier_init(tg_classifier_t *classifier, const tg_classifier_config_t *config,
                        const tg_classifier_memory_t *memory) {
    classifier->config = config;
    classifier->scratch = memory->scratch;
    classifier->input = memory->input;
    classifier->logits = memory->logits;
    classifier->arena = memory->arena;
    tg_path_init(&classifier->path, &config->path, &memory->path);
    tg_decision_init(&classifier->decision, &config->decision, memory->decider);
    clear_logits(classifier);
}

void tg_classifier_reset(tg_classifier_t *classifier) {
    tg_path_reset(&classifier->path);
    tg_decision_reset(&classifier->decision);
    clear_logits(classifier);
}

void tg_classifier_skip(tg_classifier_t *classifier, uint32_t n_missing) {
    tg_path_skip(&classifier->path, n_missing);
    tg_decision_reset(&classifier->decision);
}

static tg_status_t classify(tg_classifier_t *classifier, const tg_segment_t *segment) {
    const tg_classifier_config_t *const config = classifier->config;

    TG_TRACE_SEGMENT(classifier, segment);
    config->extract(config->extract_config, &classifier->path.ring, segment, classifier->scratch,
                    NULL, classifier->input);
    TG_TRACE_INPUT(classifier, classifier->input, config->n_inputs);
    if (config->network(classifier->input, classifier->logits, classifier->arena) != TG_OK) {
        return TG_ERROR_NETWORK;
    }
    TG_TRACE_LOGITS(classifier, classifier->logits, config->decision.n_classes);
    return TG_OK;
}

tg_status_t tg_classifier_push(tg_classifier_t *classifier, const int16_t *sample,
                               tg_event_t *event) {
    tg_segment_t segment;

    if (classifier == NULL || sample == NULL || event == NULL) {
        return TG_ERROR_ARGUMENT;
    }
    if (!tg_path_push(&classifier->path, sample, &segment)) {
        return TG_OK;
    }
    if (classify(classifier, &segment) != TG_OK) {
        return TG_ERROR_NETWORK;
    }
    if (!tg_decision_push(&classifier->decision, &segment, classifier->logits, event)) {
        return TG_OK;
    }
    return TG_EVENT;
}

tg_status_t tg_classifier_finish(tg_classifier_t *classifier, tg_event_t *event) {
    tg_segment_t segment;
    tg_status_t status = TG_OK;
    bool told = false;

    if (classifier == NULL || event == NULL) {
        return TG_ERROR_ARGUMENT;
    }
    if (tg_path_finish(&classifier->path, &segment)) {
        status = classify(classifier, &segment);
        told = status == TG_OK &&
               tg_decision_push(&classifier->decision, &segment, classifier->logits, event);
    }
    if (told) {
        tg_decision_reset(&classifier->decision);
    } else {
        told = tg_decision_finish(&classifier->decision, classifier->path.ring.next_index, event);
    }
    return told ? TG_EVENT : status;
}

const int8_t *tg_classifier_last_scores(const tg_classifier_t *classifier) {
    return classifier->logits;
}
