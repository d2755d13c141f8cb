/* Extraction of given spans of a recording, for Python. No arithmetic of its own. */
#ifndef GLUE_EXTRACT_H
#define GLUE_EXTRACT_H

#include <stddef.h>

#include "tinygest.h"

/* What is cut out of a recording. */
typedef struct {
    const int16_t *samples; /* (n, n_channels) */
    uint8_t n_channels;
    const int64_t *spans; /* (n_spans, 2): rows [start, stop), 1 to TG_MAX_SEGMENT of them */
    uint32_t n_spans;
} glue_cuts_t;

/* A kind of input with its config and memory. */
typedef struct {
    tg_extract_fn extract;
    const void *config;
    void *scratch;
    uint16_t n_inputs;
} glue_extractor_t;

size_t glue_features_scratch_bytes(uint8_t n_channels);
size_t glue_window_scratch_bytes(uint16_t n_points);

/* raw and input are (n_spans, n_inputs); either may be NULL. */
void glue_extract(const glue_extractor_t *extractor, const glue_cuts_t *cuts, int32_t *raw,
                  int8_t *input);

#endif
