#include "tg_adaptive.h"

#include "tg_running_peak.h"

static void reset(const void *config, void *state, uint32_t next_index) {
    tg_adaptive_t *const self = (tg_adaptive_t *)state;

    (void)config;
    tg_hysteresis_reset(&self->movement, next_index);
    self->peak_q16 = 0;
}

static bool push(const void *config, void *state, uint16_t activity, tg_segment_t *segment) {
    const tg_adaptive_config_t *const parameters = (const tg_adaptive_config_t *)config;
    tg_adaptive_t *const self = (tg_adaptive_t *)state;
    const tg_hysteresis_config_t *const least = &parameters->movement;
    const uint32_t peak = tg_running_peak(&self->peak_q16, activity, parameters->decay_q16);
    const bool goes_on =
        activity >= tg_level_over(peak, parameters->stop_share, least->stop_level);
    const bool starts =
        goes_on && activity >= tg_level_over(peak, parameters->start_share, least->start_level);

    return tg_hysteresis_step(least, &self->movement, starts, goes_on, segment);
}

static bool finish(const void *config, void *state, tg_segment_t *segment) {
    const tg_adaptive_config_t *const parameters = (const tg_adaptive_config_t *)config;

    return tg_hysteresis_finish(&parameters->movement, &((tg_adaptive_t *)state)->movement, segment);
}

const tg_segmenter_kind_t tg_adaptive_kind = {reset, push, finish};
