/* A model that does nothing: what an image holds besides the model is measured with it. */
#ifndef TG_EMPTY_H
#define TG_EMPTY_H

#include "tg_types.h"

typedef struct {
    uint8_t nothing;
} tg_empty_t;

void tg_empty_init(tg_empty_t *model);
void tg_empty_reset(tg_empty_t *model);
void tg_empty_skip(tg_empty_t *model, uint32_t n_missing);
tg_status_t tg_empty_finish(tg_empty_t *model, tg_event_t *event);
tg_status_t tg_empty_push(tg_empty_t *model, const int16_t *sample, tg_event_t *event);

#endif
