#include "glue_extract.h"

size_t glue_features_scratch_bytes(uint8_t n_channels) {
    return TG_FEATURES_SCRATCH_BYTES(n_channels);
}

size_t glue_window_scratch_bytes(uint16_t n_points) {
    return TG_WINDOW_SCRATCH_BYTES(n_points);
}

/* The rows of a span as a full ring whose oldest sample has index 0. It is only read, though a ring
 * that is pushed to must be writable. */
static tg_ring_t ring_over(const glue_cuts_t *cuts, int64_t start, uint16_t length) {
    tg_ring_t ring;

    tg_ring_init(&ring, (int16_t *)cuts->samples + (size_t)start * cuts->n_channels, length,
                 cuts->n_channels);
    ring.next_index = length;
    return ring;
}

void glue_extract(const glue_extractor_t *extractor, const glue_cuts_t *cuts, int32_t *raw,
                  int8_t *input) {
    for (uint32_t i = 0; i < cuts->n_spans; ++i) {
        const int64_t *const span = cuts->spans + 2 * (size_t)i;
        const tg_segment_t segment = {0, (uint16_t)(span[1] - span[0])};
        const tg_ring_t ring = ring_over(cuts, span[0], segment.length);
        const size_t place = (size_t)i * extractor->n_inputs;

        extractor->extract(extractor->config, &ring, &segment, extractor->scratch,
                           raw != NULL ? raw + place : NULL, input != NULL ? input + place : NULL);
    }
}
