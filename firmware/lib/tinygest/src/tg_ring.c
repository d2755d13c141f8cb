#include "tg_ring.h"

#include <stddef.h>

#include "tg_math.h"

void tg_ring_init(tg_ring_t *ring, int16_t *rows, uint16_t capacity, uint8_t n_channels) {
    ring->rows = rows;
    ring->capacity = capacity;
    ring->n_channels = n_channels;
    ring->head = 0;
    ring->next_index = 0;
}

void tg_ring_push(tg_ring_t *ring, const int16_t *sample) {
    int16_t *const row = ring->rows + (size_t)ring->head * ring->n_channels;

    for (uint8_t channel = 0; channel < ring->n_channels; ++channel) {
        row[channel] = sample[channel];
    }
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

/* A segment in the ring: rows that lie one after the other, and the rest from the ring's start. */
typedef struct {
    const int16_t *rows;
    uint16_t n_rows;
    uint16_t n_wrapped;
} run_t;

static run_t run_of(const tg_ring_t *ring, const tg_segment_t *segment) {
    const uint16_t first = tg_ring_row(ring, segment->start);
    const uint16_t until_end = (uint16_t)(ring->capacity - first);
    run_t run = {ring->rows + (size_t)first * ring->n_channels, segment->length, 0};

    if (segment->length > until_end) {
        run.n_rows = until_end;
        run.n_wrapped = (uint16_t)(segment->length - until_end);
    }
    return run;
}

/* Returns where the next value goes. */
static int16_t *copy_channel(const int16_t *row, uint8_t n_channels, uint8_t channel, uint16_t n_rows,
                             int16_t *out) {
    int16_t *const end = out + n_rows;

    while (out != end) {
        *out = row[channel];
        ++out;
        row += n_channels;
    }
    return out;
}

void tg_ring_copy_channel(const tg_ring_t *ring, const tg_segment_t *segment, uint8_t channel,
                          int16_t *out) {
    const run_t run = run_of(ring, segment);

    out = copy_channel(run.rows, ring->n_channels, channel, run.n_rows, out);
    (void)copy_channel(ring->rows, ring->n_channels, channel, run.n_wrapped, out);
}

/* Three squares of int16 sum to 3 * 2^30 at most, which an uint32 holds. */
static int16_t norm3(const int16_t *x) {
    const uint32_t sum = (uint32_t)(x[0] * x[0]) + (uint32_t)(x[1] * x[1]) + (uint32_t)(x[2] * x[2]);

    return tg_saturate_int16((int32_t)tg_isqrt32_round(sum));
}

/* Returns where the next value goes. */
static int16_t *copy_magnitude(const int16_t *row, uint8_t n_channels, uint8_t first_channel,
                               uint16_t n_rows, int16_t *out) {
    int16_t *const end = out + n_rows;

    while (out != end) {
        *out = norm3(row + first_channel);
        ++out;
        row += n_channels;
    }
    return out;
}

void tg_ring_copy_magnitude(const tg_ring_t *ring, const tg_segment_t *segment,
                            uint8_t first_channel, int16_t *out) {
    const run_t run = run_of(ring, segment);

    out = copy_magnitude(run.rows, ring->n_channels, first_channel, run.n_rows, out);
    (void)copy_magnitude(ring->rows, ring->n_channels, first_channel, run.n_wrapped, out);
}
