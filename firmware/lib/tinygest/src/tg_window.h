/* Segment -> window: every channel averaged onto the same number of points, channels last.
 *
 * A channel is `absolute`, its raw input the mean in counts in Q4, or `rms`: divided by the root mean
 * square of its triad (three neighbouring axes) over the segment, its raw input that multiple in Q12,
 * 0 where the whole triad is 0. Both are rounded to the nearest integer, halves away from zero; the
 * quotient behind `rms` is exact to 2^-30 of itself before it is rounded. */
#ifndef TG_WINDOW_H
#define TG_WINDOW_H

#include "tg_box.h"
#include "tg_extract.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_WINDOW_ABSOLUTE 255 /* as a channel's triad: not divided */

typedef struct {
    tg_source_t source;
    uint8_t triad; /* first channel of the triad whose RMS divides, or TG_WINDOW_ABSOLUTE */
    tg_affine_t affine;
} tg_window_channel_t;

typedef struct {
    const tg_window_channel_t *channels; /* (n_channels) */
    uint16_t n_points;
    uint8_t n_channels;
    int8_t zero_point;
} tg_window_config_t;

/* Scratch memory, aligned for int32_t: the points of TG_BOX_CHANNELS channels. */
#define TG_WINDOW_SCRATCH_BYTES(n_points) (TG_BOX_CHANNELS * sizeof(int32_t) * (n_points))

/* A tg_extract_fn; config is a tg_window_config_t. raw and input are (n_points, n_channels). */
void tg_window_extract(const void *config, const tg_ring_t *ring, const tg_segment_t *segment,
                       void *scratch, int32_t *raw, int8_t *input);

#ifdef __cplusplus
}
#endif

#endif
