/* Resampling of a whole recording, for Python. No arithmetic of its own. */
#ifndef GLUE_RESAMPLE_H
#define GLUE_RESAMPLE_H

#include "tinygest.h"

/* samples is (n_rows, n_channels), out (capacity, n_channels). Pushes all rows and pulls what comes;
 * returns how many outputs were written. Capacity must suffice: what is beyond it is lost. */
uint32_t glue_resample(tg_resampler_t *resampler, const int16_t *samples, uint32_t n_rows,
                       int16_t *out, uint32_t capacity);

#endif
