#include "tg_peak.h"

#include "tg_running_peak.h"

static void reset(const void *config, void *state, uint32_t next_index) {
    tg_peak_t *const self = (tg_peak_t *)state;

    (void)config;
    self->next_index = next_index;
    self->earliest = next_index;
    self->running_q16 = 0;
    self->peak = 0;
    self->valley = 0;
    self->open = false;
}

static bool has_risen(const tg_peak_config_t *config, const tg_peak_t *self, uint16_t activity) {
    return self->valley <= ((uint32_t)activity * config->rise_share) >> 16;
}

/* Follows activity down to a valley and up again to the highest sample. True: that one is a peak. */
static bool find_peak(const tg_peak_config_t *config, tg_peak_t *self, uint32_t index,
                      uint16_t activity) {
    const uint32_t running = self->running_q16 >> 16;

    (void)tg_running_peak(&self->running_q16, activity, config->decay_q16);
    if (self->peak == 0) {
        self->valley = activity < self->valley ? activity : self->valley;
        if (activity < tg_level_over(running, config->level_share, config->level) ||
            !has_risen(config, self, activity)) {
            return false;
        }
    } else if (activity <= self->peak) {
        return index - self->peak_index >= config->horizon;
    }
    self->peak = activity;
    self->peak_index = index;
    return false;
}

static void open_window(const tg_peak_config_t *config, tg_peak_t *self, uint16_t activity) {
    const uint32_t room = self->peak_index - self->earliest;

    self->peak = 0;
    self->valley = activity;
    if (room > UINT32_MAX - TG_MAX_SEGMENT) { /* negative: inside the window before */
        return;
    }
    self->start = self->peak_index - (room < config->pre ? room : config->pre);
    self->stop = self->peak_index - config->pre + config->length;
    self->earliest = self->stop;
    self->open = true;
}

static bool push(const void *config, void *state, uint16_t activity, tg_segment_t *segment) {
    const tg_peak_config_t *const parameters = (const tg_peak_config_t *)config;
    tg_peak_t *const self = (tg_peak_t *)state;
    const uint32_t index = self->next_index++;

    if (find_peak(parameters, self, index, activity) && !self->open) {
        open_window(parameters, self, activity);
    }
    if (!self->open || index + 1U - self->start < self->stop - self->start) {
        return false;
    }
    self->open = false;
    segment->start = self->start;
    segment->length = (uint16_t)(self->stop - self->start);
    return true;
}

static bool finish(const void *config, void *state, tg_segment_t *segment) {
    tg_peak_t *const self = (tg_peak_t *)state;

    if (!self->open && self->peak != 0) {
        open_window((const tg_peak_config_t *)config, self, 0);
    }
    if (!self->open) {
        return false;
    }
    const uint32_t whole = self->stop - self->start;
    const uint32_t seen = self->next_index - self->start;
    segment->start = self->start;
    segment->length = (uint16_t)(seen < whole ? seen : whole);
    return segment->length >= whole - whole / 2U;
}

const tg_segmenter_kind_t tg_peak_kind = {reset, push, finish};
