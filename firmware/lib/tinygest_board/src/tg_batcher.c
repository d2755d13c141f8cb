#include "tg_batcher.h"

#define MAX_ROWS 19 /* of tg_batcher_t.frame */

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

uint8_t tg_rows_per_frame(uint16_t rate_hz, uint16_t payload) {
    const uint32_t wanted = (rate_hz + TG_FRAMES_PER_SECOND / 2U) / TG_FRAMES_PER_SECOND;

    if (payload < TG_SAMPLE_HEADER_BYTES + TG_ROW_BYTES) {
        return 0;
    }
    const uint32_t n_fit = (payload - (uint32_t)TG_SAMPLE_HEADER_BYTES) / TG_ROW_BYTES;
    const uint32_t n_rows = least(least(wanted > 0 ? wanted : 1, n_fit), MAX_ROWS);
    return rate_hz > n_rows * TG_MAX_FRAMES_PER_SECOND ? 0 : (uint8_t)n_rows;
}

void tg_batcher_start(tg_batcher_t *batcher, uint8_t rows_per_frame, uint8_t lasting_flags) {
    batcher->next_index = 0;
    batcher->rows_per_frame = rows_per_frame;
    batcher->n_rows = 0;
    batcher->lasting_flags = lasting_flags;
    batcher->flags = (uint8_t)(lasting_flags | TG_FLAG_RESTART);
}

void tg_batcher_gap(tg_batcher_t *batcher, uint32_t n_missing) {
    batcher->next_index += n_missing;
    batcher->flags |= TG_FLAG_GAP;
}

bool tg_batcher_push(tg_batcher_t *batcher, const int16_t *row) {
    const size_t at = TG_SAMPLE_HEADER_BYTES + (size_t)batcher->n_rows * TG_ROW_BYTES;

    tg_put_row(batcher->frame + at, row, TG_N_AXES);
    ++batcher->n_rows;
    ++batcher->next_index;
    return batcher->n_rows >= batcher->rows_per_frame;
}

size_t tg_batcher_close(tg_batcher_t *batcher, uint32_t now_ms) {
    const uint8_t n_rows = batcher->n_rows;
    const tg_sample_header_t header = {batcher->flags, n_rows, (uint16_t)(now_ms & 0xFFFFU),
                                       batcher->next_index - n_rows};

    if (n_rows == 0) {
        return 0;
    }
    batcher->n_rows = 0;
    batcher->flags = batcher->lasting_flags;
    return tg_put_sample_header(batcher->frame, &header) + (size_t)n_rows * TG_ROW_BYTES;
}
