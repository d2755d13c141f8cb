/* Discrete Fourier transform of 32 real points, in place. */
#ifndef TG_FFT_H
#define TG_FFT_H

#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_FFT_POINTS 32
#define TG_FFT_BINS (TG_FFT_POINTS / 2) /* bins 1 to 16; bin 0 is left out */

/* Q31, made by tools/make_tables.py: cos and sin of 2 pi i / 32 in turn, i = 0..15. */
extern const int32_t tg_fft_turns[TG_FFT_POINTS];

/* Q31, made likewise: Hann's window between the points, sin(pi (i + 1/2) / 32)^2, i = 0..15; the
 * second half mirrors the first. */
extern const int32_t tg_fft_hann[TG_FFT_POINTS / 2];

/* x holds the points in order, |x[i]| <= 2^29, and afterwards the bins for tg_fft_power. */
void tg_fft_real32(int32_t *x);

/* |X[k] / 16|^2 with X[k] = sum of x[i] exp(-2 pi j i k / 32), 1 <= k <= 16. At most 2^60. The
 * fixed-point arithmetic moves |X[k] / 16| by less than 6. */
uint64_t tg_fft_power(const int32_t *x, uint8_t k);

#ifdef __cplusplus
}
#endif

#endif
