/* A generated classifier as a shared library, for a stream that is looked at while it comes.
 *
 * MODEL is the model's name, MODEL_HEADER its header, LIVE_N_CHANNELS the width of a row. The caller owns the state: live_size() bytes,
 * aligned as malloc aligns. */
#include MODEL_HEADER

#include <stddef.h>

#define JOIN_NAMES(name, suffix) tg_##name##suffix
#define NAMED(name, suffix) JOIN_NAMES(name, suffix)

typedef struct {
    uint32_t at; /* index of the sample whose push told the event */
    uint32_t start;
    uint16_t length;
    uint8_t label;
    uint8_t score;
} live_event_t;

size_t live_size(void);
void live_init(void *model);
void live_skip(void *model, uint32_t n_missing);
uint32_t live_push(void *model, const int16_t *rows, uint32_t n_rows, uint32_t at, live_event_t *events);
uint32_t live_finish(void *model, uint32_t at, live_event_t *event);

size_t live_size(void)
{
    return sizeof(NAMED(MODEL, _t));
}

void live_init(void *model)
{
    NAMED(MODEL, _init)(model);
}

void live_skip(void *model, uint32_t n_missing)
{
    NAMED(MODEL, _skip)(model, n_missing);
}

/* Returns how many events were written; there is room for n_rows of them. at: index of the first row. */
uint32_t live_push(void *model, const int16_t *rows, uint32_t n_rows, uint32_t at, live_event_t *events)
{
    const size_t n_channels = LIVE_N_CHANNELS;
    uint32_t n_events = 0;

    for (uint32_t i = 0; i < n_rows; i++) {
        tg_event_t event;

        if (NAMED(MODEL, _push)(model, rows + i * n_channels, &event) == TG_EVENT) {
            events[n_events++] = (live_event_t){at + i, event.start, event.length, event.label, event.score};
        }
    }
    return n_events;
}

/* The stream ends with the sample of index at. Returns 1 if the event was written, else 0. */
uint32_t live_finish(void *model, uint32_t at, live_event_t *event)
{
    tg_event_t last;

    if (NAMED(MODEL, _finish)(model, &last) != TG_EVENT) {
        return 0;
    }
    *event = (live_event_t){at, last.start, last.length, last.label, last.score};
    return 1;
}
