/* Streaming change of rate: from what a sensor's own crystal gives to the project's rate.
 *
 * Anti-aliased by a windowed-sinc kernel that is stretched when the output is slower. Output k stands
 * for the time k / out_rate after the first sample, exactly: no error adds up. It comes out as soon
 * as TG_RESAMPLER_REACH periods of the slower rate have passed after that time; this is the delay.
 * Before the first sample the input is taken to have been constant.
 *
 *     while (tg_resampler_pull(&resampler, out)) { use(out); }     after every
 *     tg_resampler_push(&resampler, sample);
 */
#ifndef TG_RESAMPLER_H
#define TG_RESAMPLER_H

#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_RESAMPLER_REACH 8   /* periods of the slower rate on each side of an output */
#define TG_RESAMPLER_PHASES 64 /* table entries in one period */
#define TG_RESAMPLER_MAX_RATIO 4 /* of the rates, either way */

/* Samples between the newest and the oldest that an output may need: the reach twice at the largest
 * ratio, what is not whole on both sides, and the one sample that made the output due. */
#define TG_RESAMPLER_ROWS (2 * TG_RESAMPLER_REACH * TG_RESAMPLER_MAX_RATIO + 4)

/* One side of the kernel, its middle first, Q15; made by tools/make_tables.py. */
extern const int16_t tg_resampler_kernel[TG_RESAMPLER_REACH * TG_RESAMPLER_PHASES + 1];

typedef struct {
    uint32_t in_rate;   /* micro-hertz, at most 4294 Hz */
    uint32_t out_rate;  /* micro-hertz */
    uint32_t step;      /* kernel entries from one input sample to the next, Q22 */
    int64_t lead;       /* from the newest sample to the next output, in 1 / out_rate of an input period */
    uint8_t n_channels;
    uint8_t newest;     /* row of the newest sample */
    bool is_empty;      /* no sample since the start or the last gap */
    int16_t rows[TG_RESAMPLER_ROWS * TG_MAX_CHANNELS];
} tg_resampler_t;

/* TG_ERROR_ARGUMENT as tg_resampler_set_rate. */
tg_status_t tg_resampler_init(tg_resampler_t *resampler, uint8_t n_channels, uint32_t in_rate_uhz,
                              uint32_t out_rate_uhz);

/* From now on input samples are 1 / in_rate apart; at any time, and an output may be due thereby: pull
 * before the next push. TG_ERROR_ARGUMENT, and nothing changed, if one rate is more than
 * TG_RESAMPLER_MAX_RATIO times the other. */
tg_status_t tg_resampler_set_rate(tg_resampler_t *resampler, uint32_t in_rate_uhz);

/* The next sample is the first again. */
void tg_resampler_reset(tg_resampler_t *resampler);

/* n_missing < 2^31 samples were lost before the next one; 0 when time is broken by an unknown amount.
 * The filter restarts with the next sample. Returns how many outputs will never come: those whose time
 * lies before that sample. The outputs after the gap keep their place in time. */
uint32_t tg_resampler_skip(tg_resampler_t *resampler, uint32_t n_missing);

/* sample is (n_channels). False, and the sample was not taken, while an output waits to be pulled. */
bool tg_resampler_push(tg_resampler_t *resampler, const int16_t *sample);

/* True: out (n_channels) was written. */
bool tg_resampler_pull(tg_resampler_t *resampler, int16_t *out);

#ifdef __cplusplus
}
#endif

#endif
