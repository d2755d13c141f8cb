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

static uint32_t write_segment(const tg_segment_t *segment, uint32_t emitted_at, glue_segment_t *out) {
    out->start = segment->start;
    out->length = segment->length;
    out->emitted_at = emitted_at;
    return 1;
}

uint32_t glue_segments_of(const tg_segmenter_kind_t *kind, const void *config, void *state,
                          const uint16_t *activity, uint32_t n_rows, const uint32_t *gaps,
                          const uint8_t *is_end, uint32_t n_gaps, glue_segment_t *out) {
    uint32_t n_found = 0;
    uint32_t gap = 0;
    tg_segment_t segment;

    kind->reset(config, state, 0);
    for (uint32_t row = 0; row < n_rows; ++row) {
        if (gap < n_gaps && gaps[gap] == row) {
            if (is_end[gap] && kind->finish(config, state, &segment)) {
                n_found += write_segment(&segment, row - 1U, out + n_found);
            }
            kind->reset(config, state, row);
            ++gap;
        }
        if (kind->push(config, state, activity[row], &segment)) {
            n_found += write_segment(&segment, row, out + n_found);
        }
    }
    if (kind->finish(config, state, &segment)) {
        n_found += write_segment(&segment, n_rows - 1U, out + n_found);
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
            n_found += write_segment(&segment, path->ring.next_index - 1U, out + n_found);
        }
    }
    return n_found;
}

uint32_t glue_finish(tg_path_t *path, glue_segment_t *out) {
    tg_segment_t segment;

    return tg_path_finish(path, &segment) ? write_segment(&segment, path->ring.next_index - 1U, out)
                                          : 0U;
}

void glue_judge(const tg_decision_config_t *config, const int8_t *logits, uint32_t n_segments,
                tg_verdict_t *out) {
    for (uint32_t i = 0; i < n_segments; ++i) {
        out[i] = tg_decision_judge(config, logits + (size_t)i * config->n_classes);
    }
}

static uint32_t write_event(const tg_event_t *event, uint32_t decided_at, glue_event_t *out) {
    out->start = event->start;
    out->length = event->length;
    out->decided_at = decided_at;
    out->label = event->label;
    out->score = event->score;
    return 1;
}

uint32_t glue_decide(tg_decision_t *decision, const glue_segment_t *segments, uint32_t n_segments,
                     const int8_t *logits, const uint32_t *gaps, uint32_t n_gaps, uint32_t end,
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
            n_events += write_event(&event, segments[i].emitted_at, out + n_events);
        }
    }
    if (gap < n_gaps) {
        tg_decision_reset(decision);
    }
    if (end > 0 && tg_decision_finish(decision, end, &event)) {
        n_events += write_event(&event, end - 1U, out + n_events);
    }
    return n_events;
}
