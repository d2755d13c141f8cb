/* From a segment in the ring to the network's int8 input. */
#ifndef TG_EXTRACT_H
#define TG_EXTRACT_H

#include "tg_ring.h"
#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* raw is (n_inputs) before, input is (n_inputs) after quantisation; either may be NULL.
 * scratch is the caller's memory, as many bytes as the kind's own header says. */
typedef void (*tg_extract_fn)(const void *config, const tg_ring_t *ring,
                              const tg_segment_t *segment, void *scratch, int32_t *raw,
                              int8_t *input);

/* input = sat8(zero_point + round((raw - offset) * multiplier / 2^shift)), halves away from zero. */
typedef struct {
    int32_t offset;
    int32_t multiplier;
    uint8_t shift;
} tg_affine_t;

int8_t tg_affine_quantise(const tg_affine_t *affine, int8_t zero_point, int32_t raw);

#ifdef __cplusplus
}
#endif

#endif
