/* Loops over arrays around the streaming functions, for Python. No arithmetic of its own. */
#ifndef GLUE_H
#define GLUE_H

#include "tinygest.h"

/* A recording and how far it has been read. */
typedef struct {
    const int16_t *samples; /* (n_rows, n_channels) */
    uint32_t n_rows;
    const uint32_t *gaps; /* (n_gaps), ascending: the path restarts before each of these rows */
    uint32_t n_gaps;
    uint32_t row; /* next row */
    uint32_t gap; /* next gap */
} glue_stream_t;

/* Sample indices of the path; rows of the recording if it starts at a reset path, for time that is
 * missing at a gap counts nothing here. */
typedef struct {
    uint32_t start;
    uint32_t length;
    uint32_t emitted_at; /* index of the sample whose push returned the segment */
} glue_segment_t;

typedef struct {
    uint32_t start;
    uint32_t length;
    uint32_t decided_at;
    uint32_t label;
    uint32_t score;
} glue_event_t;

/* out is (n_rows). */
void glue_activity(tg_activity_t *activity, glue_stream_t *stream, uint16_t *out);

/* The segmenter alone over known activity; out is (n_rows). Where is_end, (n_gaps), is not 0, one stream
 * ends before the gap and another begins after it. Returns how many segments were written. */
uint32_t glue_segments_of(const tg_segmenter_kind_t *kind, const void *config, void *state,
                          const uint16_t *activity, uint32_t n_rows, const uint32_t *gaps,
                          const uint8_t *is_end, uint32_t n_gaps, glue_segment_t *out);

/* Reads until the end, or until `capacity` segments are written; returns how many were. */
uint32_t glue_segments(tg_path_t *path, glue_stream_t *stream, glue_segment_t *out,
                       uint32_t capacity);

/* The stream ends here. Returns 1 if a segment was written, else 0. */
uint32_t glue_finish(tg_path_t *path, glue_segment_t *out);

/* logits is (n_segments, n_classes), out is (n_segments). */
void glue_judge(const tg_decision_config_t *config, const int8_t *logits, uint32_t n_segments,
                tg_verdict_t *out);

/* logits is (n_segments, n_classes), out is (n_segments + 1); returns how many events were written. end:
 * rows of the stream, which ends with them; 0: it goes on. */
uint32_t glue_decide(tg_decision_t *decision, const glue_segment_t *segments, uint32_t n_segments,
                     const int8_t *logits, const uint32_t *gaps, uint32_t n_gaps, uint32_t end,
                     glue_event_t *out);

#endif
