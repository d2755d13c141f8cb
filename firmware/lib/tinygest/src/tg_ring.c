#include "tg_ring.h"

#include <stddef.h>

void tg_ring_init(tg_ring_t *ring, int16_t *rows, uint16_t capacity, uint8_t n_channels) {
    ring->rows = rows;
    ring->capacity = capacity;
    ring->n_channels = n_channels;
    ring->head = 0;
    ring->next_index = 0;
}

void tg_ring_push(tg_ring_t *ring, const int16_t *sample) {
    const int16_t *const end = sample + ring->n_channels;
    int16_t *value = ring->rows + (size_t)ring->head * ring->n_channels;

    do { /* there is a channel at least, so the loop needs no branch to its end */
        *value++ = *sample++;
    } while (sample != end);
    ring->head = (uint16_t)(ring->head + 1U < ring->capacity ? ring->head + 1U : 0U);
    ++ring->next_index;
}

void tg_ring_skip(tg_ring_t *ring, uint32_t n_missing) {
    ring->next_index += n_missing;
}

uint16_t tg_ring_row(const tg_ring_t *ring, uint32_t index) {
    const uint16_t age = (uint16_t)(ring->next_index - index); /* 1..capacity */

    return (uint16_t)(ring->head >= age ? ring->head - age : ring->head + ring->capacity - age);
}

void tg_ring_runs(const tg_ring_t *ring, const tg_segment_t *segment, tg_run_t runs[2]) {
    const uint16_t first = tg_ring_row(ring, segment->start);
    const uint16_t until_end = (uint16_t)(ring->capacity - first);
    const bool wraps = segment->length > until_end;

    runs[0].rows = ring->rows + (size_t)first * ring->n_channels;
    runs[0].n_rows = wraps ? until_end : segment->length;
    runs[1].rows = ring->rows;
    runs[1].n_rows = wraps ? (uint16_t)(segment->length - until_end) : 0;
}

void tg_ring_copy_channel(const tg_ring_t *ring, const tg_segment_t *segment, uint8_t channel,
                          int16_t *out) {
    tg_run_t runs[2];

    tg_ring_runs(ring, segment, runs);
    for (uint8_t i = 0; i < 2; ++i) {
        const int16_t *x = runs[i].rows + channel;
        for (uint16_t n = runs[i].n_rows; n > 0; --n) {
            *out = *x;
            ++out;
            x += ring->n_channels;
        }
    }
}
