#include "tg_trigger.h"

static void reset(const void *config, void *state, uint32_t next_index) {
    tg_trigger_t *const self = (tg_trigger_t *)state;

    (void)config;
    self->next_index = next_index;
    self->earliest = next_index;
    self->below = true;
    self->open = false;
}

static bool push(const void *config, void *state, uint16_t activity, tg_segment_t *segment) {
    const tg_trigger_config_t *const parameters = (const tg_trigger_config_t *)config;
    tg_trigger_t *const self = (tg_trigger_t *)state;
    const uint32_t index = self->next_index++;
    const bool below = activity < parameters->level;
    const bool rises = self->below && !below;

    self->below = below;
    if (!self->open) {
        const uint32_t room = index - self->earliest;
        if (!rises) {
            return false;
        }
        self->start = index - (room < parameters->pre ? room : parameters->pre);
        self->open = true;
    }
    if (index + 1U - self->start < parameters->length) {
        return false;
    }
    self->open = false;
    self->earliest = index + 1U;
    segment->start = self->start;
    segment->length = parameters->length;
    return true;
}

static bool finish(const void *config, void *state, tg_segment_t *segment) {
    const tg_trigger_config_t *const parameters = (const tg_trigger_config_t *)config;
    const tg_trigger_t *const self = (const tg_trigger_t *)state;
    const uint32_t seen = self->next_index - self->start;

    if (!self->open || seen < (uint32_t)parameters->length - parameters->length / 2U) {
        return false;
    }
    segment->start = self->start;
    segment->length = (uint16_t)seen;
    return true;
}

const tg_segmenter_kind_t tg_trigger_kind = {reset, push, finish};
