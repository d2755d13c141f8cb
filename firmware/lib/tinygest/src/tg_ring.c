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

void tg_ring_copy_channel(const tg_ring_t *ring, const tg_segment_t *segment, uint8_t channel,
                          int16_t *out) {
    const int16_t *const end = ring->rows + (size_t)ring->capacity * ring->n_channels;
    const int16_t *row =
        ring->rows + (size_t)tg_ring_row(ring, segment->start) * ring->n_channels;

    for (uint16_t i = 0; i < segment->length; ++i) {
        out[i] = row[channel];
        row += ring->n_channels;
        if (row == end) {
            row = ring->rows;
        }
    }
}

/* Three squares of int16 sum to 3 * 2^30 at most, which an uint32 holds. */
static int16_t norm3(const int16_t *x) {
    const uint32_t sum = (uint32_t)(x[0] * x[0]) + (uint32_t)(x[1] * x[1]) + (uint32_t)(x[2] * x[2]);

    return tg_saturate_int16((int32_t)tg_isqrt32_round(sum));
}

void tg_ring_copy_magnitude(const tg_ring_t *ring, const tg_segment_t *segment,
                            uint8_t first_channel, int16_t *out) {
    const int16_t *const end = ring->rows + (size_t)ring->capacity * ring->n_channels;
    const int16_t *row =
        ring->rows + (size_t)tg_ring_row(ring, segment->start) * ring->n_channels;

    for (uint16_t i = 0; i < segment->length; ++i) {
        out[i] = norm3(row + first_channel);
        row += ring->n_channels;
        if (row == end) {
            row = ring->rows;
        }
    }
}
