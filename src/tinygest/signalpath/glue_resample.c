#include "glue_resample.h"

#include <stddef.h>

uint32_t glue_resample(tg_resampler_t *resampler, const int16_t *samples, uint32_t n_rows,
                       int16_t *out, uint32_t capacity) {
    const size_t n_channels = resampler->n_channels;
    uint32_t n_out = 0;

    for (uint32_t row = 0; row <= n_rows; ++row) {
        while (n_out < capacity && tg_resampler_pull(resampler, out + n_out * n_channels)) {
            ++n_out;
        }
        if (row < n_rows) {
            (void)tg_resampler_push(resampler, samples + row * n_channels);
        }
    }
    return n_out;
}
