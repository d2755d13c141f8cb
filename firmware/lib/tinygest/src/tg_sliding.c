#include "tg_sliding.h"

static void reset(const void *config, void *state, uint32_t next_index) {
    tg_sliding_t *const self = (tg_sliding_t *)state;

    self->next_index = next_index;
    self->missing = ((const tg_sliding_config_t *)config)->length;
}

static bool push(const void *config, void *state, uint16_t activity, tg_segment_t *segment) {
    const tg_sliding_config_t *const parameters = (const tg_sliding_config_t *)config;
    tg_sliding_t *const self = (tg_sliding_t *)state;

    (void)activity;
    ++self->next_index;
    if (--self->missing != 0) {
        return false;
    }
    self->missing = parameters->hop;
    segment->start = self->next_index - parameters->length;
    segment->length = parameters->length;
    return true;
}

/* Windows have one length; one that is not complete is none. */
static bool finish(const void *config, void *state, tg_segment_t *segment) {
    (void)config;
    (void)state;
    (void)segment;
    return false;
}

const tg_segmenter_kind_t tg_sliding_kind = {reset, push, finish};
