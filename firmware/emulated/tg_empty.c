#include "tg_empty.h"

void tg_empty_init(tg_empty_t *model)
{
    model->nothing = 0;
}

void tg_empty_reset(tg_empty_t *model)
{
    model->nothing = 0;
}

void tg_empty_skip(tg_empty_t *model, uint32_t n_missing)
{
    model->nothing = n_missing != 0u;
}

tg_status_t tg_empty_finish(tg_empty_t *model, tg_event_t *event)
{
    (void)model;
    (void)event;
    return TG_OK;
}

tg_status_t tg_empty_push(tg_empty_t *model, const int16_t *sample, tg_event_t *event)
{
    (void)model;
    (void)sample;
    (void)event;
    return TG_OK;
}
