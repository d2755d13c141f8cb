#include "tg_centre.h"

#include <stddef.h>

#include "tg_math.h"

/* Longer ago than any event that may still come: 255 windows of the longest hop, and the longest event. */
#define LONG_AGO 0x10000000u

void tg_centre_init(tg_centre_t *centre, int8_t *logits) {
    centre->logits = logits;
}

static void reset(void *state) {
    tg_centre_t *const self = (tg_centre_t *)state;

    self->n_seen = 0;
    self->oldest = 0;
    self->label = 0;
}

/* Returns the average, (n_classes). */
static const int8_t *average(const tg_centre_t *self, uint8_t smooth, uint8_t n_classes) {
    int8_t *const mean = self->logits + (size_t)smooth * n_classes;

    for (uint8_t i = 0; i < n_classes; ++i) {
        int32_t sum = 0;
        for (uint8_t row = 0; row < smooth; ++row) {
            sum += self->logits[(size_t)row * n_classes + i];
        }
        mean[i] = (int8_t)tg_round_divide32(sum, smooth);
    }
    return mean;
}

static void note(tg_centre_t *self, uint8_t smooth, const int8_t *logits, uint8_t n_classes) {
    int8_t *const row = self->logits + (size_t)self->oldest * n_classes;

    for (uint8_t i = 0; i < n_classes; ++i) {
        row[i] = logits[i];
    }
    ++self->oldest;
    if (self->oldest == smooth) {
        self->oldest = 0;
    }
    if (self->n_seen < smooth) {
        ++self->n_seen;
    }
}

/* Keeps `earliest` near enough for comparisons across the wrap of indices. */
static void forget(tg_centre_t *self, uint32_t now) {
    const uint32_t behind = now - self->earliest;

    if (behind > LONG_AGO && behind <= UINT32_MAX / 2U) {
        self->earliest = now - LONG_AGO;
    }
}

/* The candidate becomes an event, or nothing where another one is. */
static bool tell(const tg_decision_config_t *config, tg_centre_t *self, tg_event_t *event) {
    const tg_centre_config_t *const parameters = (const tg_centre_config_t *)config->decider_config;
    const uint16_t length = parameters->lengths[self->label];
    const uint32_t start = self->centre - length / 2U;
    const uint32_t late = self->earliest - start; /* samples that are taken; huge when it is free */
    const uint32_t cut = late > UINT32_MAX / 2U ? 0U : late;

    event->label = self->label;
    self->label = 0;
    if (cut > length / 2U) {
        return false;
    }
    event->score = self->score;
    event->start = start + cut;
    event->length = (uint16_t)(length - cut);
    self->earliest = start + length + config->refractory;
    return true;
}

static bool push(const tg_decision_config_t *config, void *state, const tg_segment_t *segment,
                 const int8_t *logits, tg_event_t *event) {
    const tg_centre_config_t *const parameters = (const tg_centre_config_t *)config->decider_config;
    tg_centre_t *const self = (tg_centre_t *)state;

    if (self->n_seen == 0) {
        self->earliest = segment->start;
    }
    forget(self, segment->start);
    note(self, parameters->smooth, logits, config->n_classes);
    if (self->n_seen < parameters->smooth) {
        return false;
    }
    const int8_t *const mean = average(self, parameters->smooth, config->n_classes);
    const tg_verdict_t verdict = tg_decision_judge(config, mean);
    const uint8_t margin = tg_decision_margin(config, mean);

    if (verdict.label != 0 && (self->label == 0 || margin > self->margin)) {
        self->label = verdict.label;
        self->score = verdict.score;
        self->margin = margin;
        self->centre = segment->start + (uint32_t)parameters->offset;
        self->age = 0;
        return false;
    }
    if (self->label == 0) {
        return false;
    }
    ++self->age;
    return self->age >= parameters->horizon && tell(config, self, event);
}

/* The candidate, as far as it was seen: its centre was. */
static bool finish(const tg_decision_config_t *config, void *state, uint32_t next_index,
                   tg_event_t *event) {
    tg_centre_t *const self = (tg_centre_t *)state;

    if (self->label == 0 || !tell(config, self, event)) {
        return false;
    }
    const uint32_t seen = next_index - event->start;
    event->length = (uint16_t)(seen < event->length ? seen : event->length);
    return true;
}

const tg_decider_kind_t tg_centre_kind = {reset, push, finish};
