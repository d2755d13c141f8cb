#include "every_fourth.h"

#include "tg_trace.h"

void tg_every_fourth_init(tg_every_fourth_t *model)
{
    tg_every_fourth_reset(model);
}

void tg_every_fourth_reset(tg_every_fourth_t *model)
{
    model->next_index = 0;
    model->n_seen = 0;
}

void tg_every_fourth_skip(tg_every_fourth_t *model, uint32_t n_missing)
{
    model->next_index += n_missing;
    model->n_seen = 0;
}

/* Two instructions a turn on Cortex-M4. */
static void spend(int n_turns)
{
#ifdef __arm__
    __asm__ volatile("0: subs %0, %0, #1\n\tbne 0b" : "+r"(n_turns)::"cc");
#else
    (void)n_turns;
#endif
}

static tg_status_t tell(const tg_every_fourth_t *model, const int16_t sample[3], uint16_t length,
                        tg_event_t *event)
{
    const tg_segment_t segment = {model->next_index - length, length};
    TG_TRACE_SEGMENT(model, &segment);
    spend(1000);
    const int8_t input[3] = {(int8_t)sample[0], (int8_t)sample[1], (int8_t)sample[2]};
    TG_TRACE_INPUT(model, input, 3);
    spend(5000);
    const int8_t logits[2] = {input[2], input[0]};
    TG_TRACE_LOGITS(model, logits, 2);
    event->start = segment.start;
    event->length = segment.length;
    event->label = (uint8_t)logits[0];
    event->score = 200;
    return TG_EVENT;
}

tg_status_t tg_every_fourth_push(tg_every_fourth_t *model, const int16_t sample[3], tg_event_t *event)
{
    model->next_index++;
    model->n_seen++;
    model->last[0] = sample[0];
    model->last[1] = sample[1];
    model->last[2] = sample[2];
    return model->n_seen % 4u != 0u ? TG_OK : tell(model, sample, 4, event);
}

/* Three of four are enough. */
tg_status_t tg_every_fourth_finish(tg_every_fourth_t *model, tg_event_t *event)
{
    const bool is_enough = model->n_seen % 4u == 3u;

    model->n_seen = 0;
    return is_enough ? tell(model, model->last, 3, event) : TG_OK;
}
