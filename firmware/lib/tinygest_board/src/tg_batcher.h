/* Rows into frames of about 20 a second that fit a notification. */
#ifndef TG_BATCHER_H
#define TG_BATCHER_H

#include "tg_frame.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rows of a frame at this rate in so many bytes of payload, 1..255; 0 when it would take more than
 * TG_MAX_FRAMES_PER_SECOND notifications. */
uint8_t tg_rows_per_frame(uint16_t rate_hz, uint16_t payload);

typedef struct {
    uint32_t next_index; /* of the row that would continue the frame */
    uint8_t rows_per_frame;
    uint8_t n_rows;
    uint8_t flags; /* of the frame at hand */
    uint8_t lasting_flags;
    uint8_t frame[TG_SAMPLE_HEADER_BYTES + 19 * TG_ROW_BYTES];
} tg_batcher_t;

/* The next row has index 0. lasting_flags: TG_FLAG_RAW or 0. */
void tg_batcher_start(tg_batcher_t *batcher, uint8_t rows_per_frame, uint8_t lasting_flags);

/* The next row follows a gap; close first. */
void tg_batcher_gap(tg_batcher_t *batcher, uint32_t n_missing);

/* True: the frame is full; tg_batcher_close must come before the next push. row is (TG_N_AXES). */
bool tg_batcher_push(tg_batcher_t *batcher, const int16_t *row);

/* Finishes batcher->frame and returns its length; 0 when there is no row in it. */
size_t tg_batcher_close(tg_batcher_t *batcher, uint32_t now_ms);

#ifdef __cplusplus
}
#endif

#endif
