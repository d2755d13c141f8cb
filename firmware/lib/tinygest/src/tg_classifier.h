/* The whole way from samples to events: path, extraction, network, decision.
 *
 * A generated model is a const tg_classifier_config_t, the memory, and thin functions around these. */
#ifndef TG_CLASSIFIER_H
#define TG_CLASSIFIER_H

#include "tg_decision.h"
#include "tg_extract.h"
#include "tg_network.h"
#include "tg_path.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    tg_path_config_t path;
    tg_extract_fn extract;
    const void *extract_config; /* of extract's own type */
    tg_network_fn network;
    tg_decision_config_t decision;
    uint16_t n_inputs;
} tg_classifier_config_t;

/* The caller's memory; it must outlive the classifier. Extraction is over when the network starts, so
 * scratch may lie in an arena whose network keeps nothing there between calls. */
typedef struct {
    tg_path_memory_t path;
    void *scratch;  /* of extract */
    int8_t *input;  /* (n_inputs) */
    int8_t *logits; /* (n_classes) */
    void *arena;    /* of the network; zeroed, see tg_network.h */
    void *decider;  /* state of config.decision.decider, NULL without one */
} tg_classifier_memory_t;

typedef struct {
    const tg_classifier_config_t *config;
    tg_path_t path;
    tg_decision_t decision;
    void *scratch;
    int8_t *input;
    int8_t *logits;
    void *arena;
} tg_classifier_t;

void tg_classifier_init(tg_classifier_t *classifier, const tg_classifier_config_t *config,
                        const tg_classifier_memory_t *memory);

/* As after init: the next sample has index 0. */
void tg_classifier_reset(tg_classifier_t *classifier);

/* n_missing samples were lost before the next one; 0 when time is broken by an unknown amount.
 * The open segment, refractory time and earlier decisions are forgotten; indices run on. */
void tg_classifier_skip(tg_classifier_t *classifier, uint32_t n_missing);

/* sample is (n_channels). TG_EVENT: event was written. The network runs inside the push that
 * completes a segment; every other push is short. TG_ERROR_NETWORK: it could not run, so there is
 * no answer to the segment; the sample was taken. */
tg_status_t tg_classifier_push(tg_classifier_t *classifier, const int16_t *sample,
                               tg_event_t *event);

/* The stream ends here. TG_EVENT: event was written: the movement that was still going on, or what the
 * decision had held back. Then as after tg_classifier_skip(classifier, 0). */
tg_status_t tg_classifier_finish(tg_classifier_t *classifier, tg_event_t *event);

/* The logits of the last segment, (n_classes) in the network's order; zeros before there was one. */
const int8_t *tg_classifier_last_scores(const tg_classifier_t *classifier);

#ifdef __cplusplus
}
#endif

#endif
