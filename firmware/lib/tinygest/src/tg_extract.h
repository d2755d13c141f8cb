/* From a segment in the ring to the network's int8 input: what all kinds of input share. */
#ifndef TG_EXTRACT_H
#define TG_EXTRACT_H

#include "tg_ring.h"
#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The sensor's channels and the norms of its triads. */
#define TG_MAX_SOURCES (TG_MAX_CHANNELS + TG_MAX_CHANNELS / 3)

/* raw is (n_inputs) before, input is (n_inputs) after quantisation; either may be NULL.
 * scratch is the caller's memory, aligned for uint64_t, as many bytes as the kind's own header says.
 * The segment holds 1 to TG_MAX_SEGMENT samples, all of them in the ring. */
typedef void (*tg_extract_fn)(const void *config, const tg_ring_t *ring,
                              const tg_segment_t *segment, void *scratch, int32_t *raw,
                              int8_t *input);

/* Where the samples of an input channel come from. */
typedef struct {
    uint8_t first;     /* a channel of the ring */
    bool is_magnitude; /* the norm of `first` and the two channels after it */
} tg_source_t;

/* input = sat8(zero_point + round((raw - offset) * multiplier / 2^shift)), halves up; |offset| < 2^30
 * as for raw values, multiplier < 2^31, shift <= 62. */
typedef struct {
    int32_t offset;
    uint32_t multiplier;
    uint8_t shift;
} tg_affine_t;

/* Each value by its own map: affine, raw and input are (n). */
void tg_quantise(const tg_affine_t *affine, int8_t zero_point, const int32_t *raw, uint16_t n,
                 int8_t *input);

/* All values by one map, to every step-th input: raw is (n), input is ((n - 1) * step + 1). */
void tg_quantise_alike(const tg_affine_t *affine, int8_t zero_point, const int32_t *raw, uint16_t n,
                       int8_t *input, uint8_t step);

#ifdef __cplusplus
}
#endif

#endif
