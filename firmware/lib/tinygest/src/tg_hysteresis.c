#include "tg_hysteresis.h"

void tg_hysteresis_reset(tg_hysteresis_t *self, uint32_t next_index) {
    self->next_index = next_index;
    self->earliest = next_index;
    self->open = false;
}

static void open_segment(const tg_hysteresis_config_t *config, tg_hysteresis_t *self,
                         uint32_t index) {
    const uint32_t room = index - self->earliest;

    self->start = index - (room < config->pre ? room : config->pre);
    self->onset = index;
    self->quiet = 0;
    self->open = true;
}

/* The open segment's samples end with the one before `now`; is_last: no other one comes. True: it was
 * closed and written. */
static bool close_segment(const tg_hysteresis_config_t *config, tg_hysteresis_t *self,
                          uint32_t now, bool is_last, tg_segment_t *segment) {
    const uint32_t movement_end = now - self->quiet;
    const bool too_short = movement_end - self->onset < config->min_length;
    const bool ended =
        is_last || (self->quiet > config->merge && (too_short || self->quiet >= config->post));

    if (!ended && now - self->start < config->max_length) {
        return false;
    }
    self->open = false;
    if (too_short) {
        return false;
    }
    self->earliest = movement_end + (self->quiet < config->post ? self->quiet : config->post);
    segment->start = self->start;
    segment->length = (uint16_t)(self->earliest - self->start);
    return true;
}

bool tg_hysteresis_step(const tg_hysteresis_config_t *config, tg_hysteresis_t *self, bool starts,
                        bool goes_on, tg_segment_t *segment) {
    const uint32_t index = self->next_index++;

    if (!self->open) {
        if (!starts) {
            return false;
        }
        open_segment(config, self, index);
    }
    if (goes_on && self->quiet <= config->merge) {
        self->quiet = 0;
    } else {
        ++self->quiet;
    }
    return close_segment(config, self, index + 1U, false, segment);
}

bool tg_hysteresis_finish(const tg_hysteresis_config_t *config, tg_hysteresis_t *self,
                          tg_segment_t *segment) {
    return self->open && close_segment(config, self, self->next_index, true, segment);
}

static void reset(const void *config, void *state, uint32_t next_index) {
    (void)config;
    tg_hysteresis_reset((tg_hysteresis_t *)state, next_index);
}

static bool push(const void *config, void *state, uint16_t activity, tg_segment_t *segment) {
    const tg_hysteresis_config_t *const levels = (const tg_hysteresis_config_t *)config;

    return tg_hysteresis_step(levels, (tg_hysteresis_t *)state, activity >= levels->start_level,
                              activity >= levels->stop_level, segment);
}

static bool finish(const void *config, void *state, tg_segment_t *segment) {
    return tg_hysteresis_finish((const tg_hysteresis_config_t *)config, (tg_hysteresis_t *)state,
                                segment);
}

const tg_segmenter_kind_t tg_hysteresis_kind = {reset, push, finish};
