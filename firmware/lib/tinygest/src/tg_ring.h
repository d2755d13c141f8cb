/* The last samples of the stream, addressed by their index in the stream. */
#ifndef TG_RING_H
#define TG_RING_H

#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    int16_t *rows;       /* the caller's memory, capacity * n_channels, channels last */
    uint16_t capacity;   /* samples */
    uint8_t n_channels;
    uint16_t head;       /* row that the next sample is written to */
    uint32_t next_index; /* stream index of the next sample */
} tg_ring_t;

void tg_ring_init(tg_ring_t *ring, int16_t *rows, uint16_t capacity, uint8_t n_channels);

void tg_ring_push(tg_ring_t *ring, const int16_t *sample);

/* n_missing samples never arrived: indices run on, earlier samples are no longer addressable. */
void tg_ring_skip(tg_ring_t *ring, uint32_t n_missing);

/* The row that holds stream index `index`; it must be one of the last `capacity` samples. */
uint16_t tg_ring_row(const tg_ring_t *ring, uint32_t index);

/* Rows that lie one after the other. */
typedef struct {
    const int16_t *rows;
    uint16_t n_rows;
} tg_run_t;

/* A segment's rows: up to the ring's end, and on from its start; the second run may be empty. */
void tg_ring_runs(const tg_ring_t *ring, const tg_segment_t *segment, tg_run_t runs[2]);

/* Copies one channel of a segment, out is (length). */
void tg_ring_copy_channel(const tg_ring_t *ring, const tg_segment_t *segment, uint8_t channel,
                          int16_t *out);

#ifdef __cplusplus
}
#endif

#endif
