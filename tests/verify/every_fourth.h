/* A model made by hand: every four samples are a segment, three at the end; its input is the last sample. */
#ifndef EVERY_FOURTH_H
#define EVERY_FOURTH_H

#include "tg_types.h"

typedef struct {
    uint32_t next_index;
    uint32_t n_seen; /* since the last reset or gap */
    int16_t last[3];
} tg_every_fourth_t;

void tg_every_fourth_init(tg_every_fourth_t *model);
void tg_every_fourth_reset(tg_every_fourth_t *model);
void tg_every_fourth_skip(tg_every_fourth_t *model, uint32_t n_missing);
tg_status_t tg_every_fourth_finish(tg_every_fourth_t *model, tg_event_t *event);
tg_status_t tg_every_fourth_push(tg_every_fourth_t *model, const int16_t sample[3], tg_event_t *event);

#endif
