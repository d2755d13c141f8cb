#include "glue.h"

#include <stddef.h>

/* True, once, at a row with a gap before it. */
static bool at_gap(glue_stream_t *stream) {
    if (stream->gap == stream->n_gaps || stream->gaps[stream->gap] != stream->row) {
        return false;
    }
    ++stream->gap;
    return true;
}

void glue_activity(tg_activity_t *activity, glue_stream_t *stream, uint16_t *out) {
    const size_t n_channels = activity->config->n_channels;

    for (; stream->row < stream->n_rows; ++stream->row) {
        if (at_gap(stream)) {
            tg_activity_reset(activity);
        }
        out[stream->row] = tg_activity_push(activity, stream->samples + stream->row * n_channels);
    }
}

uint32_t glue_segments_of(const tg_segmenter_kind_t *kind, const void *config, void *state,
                          const uint16_t *activity, uint32_t n_rows, const uint32_t *gaps,
                          uint32_t n_gaps, glue_segment_t *out) {
    uint32_t n_found = 0;
    uint32_t gap = 0;
    tg_segment_t segment;

    kind->reset(config, state, 0);
    for (uint32_t row = 0; row < n_rows; ++row) {
        if (gap < n_gaps && gaps[gap] == row) {
            kind->reset(config, state, row);
            ++gap;
        }
        if (kind->push(config, state, activity[row], &segment)) {
            out[n_found].start = segment.start;
            out[n_found].length = segment.length;
            out[n_found].emitted_at = row;
            ++n_found;
        }
    }
    return n_found;
}

uint32_t glue_segments(tg_path_t *path, glue_stream_t *stream, glue_segment_t *out,
                       uint32_t capacity) {
    const size_t n_channels = path->ring.n_channels;
    uint32_t n_found = 0;
    tg_segment_t segment;

    for (; stream->row < stream->n_rows && n_found < capacity; ++stream->row) {
        if (at_gap(stream)) {
            tg_path_skip(path, 0);
        }
        if (tg_path_push(path, stream->samples + stream->row * n_channels, &segment)) {
            out[n_found].start = segment.start;
            out[n_found].length = segment.length;
            out[n_found].emitted_at = path->ring.next_index - 1U;
            ++n_found;
        }
    }
    return n_found;
}

void glue_judge(const tg_decision_config_t *config, const int8_t *logits, uint32_t n_segments,
                tg_verdict_t *out) {
    for (uint32_t i = 0; i < n_segments; ++i) {
        out[i] = tg_decision_judge(config, logits + (size_t)i * config->n_classes);
    }
}

uint32_t glue_decide(tg_decision_t *decision, const glue_segment_t *segments, uint32_t n_segments,
                     const int8_t *logits, const uint32_t *gaps, uint32_t n_gaps,
                     glue_event_t *out) {
    const size_t n_classes = decision->config->n_classes;
    uint32_t n_events = 0;
    uint32_t gap = 0;
    tg_event_t event;

    for (uint32_t i = 0; i < n_segments; ++i) {
        const tg_segment_t segment = {segments[i].start, (uint16_t)segments[i].length};
        for (; gap < n_gaps && gaps[gap] <= segments[i].emitted_at; ++gap) {
            tg_decision_reset(decision);
        }
        if (tg_decision_push(decision, &segment, logits + i * n_classes, &event)) {
            out[n_events].start = event.start;
            out[n_events].length = event.length;
            out[n_events].decided_at = segments[i].emitted_at;
            out[n_events].label = event.label;
            out[n_events].score = event.score;
            ++n_events;
        }
    }
    return n_events;
}
