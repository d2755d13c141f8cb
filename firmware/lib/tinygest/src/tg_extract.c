#include "tg_extract.h"

#include "tg_math.h"

void tg_source_copy(const tg_source_t *source, const tg_ring_t *ring, const tg_segment_t *segment,
                    int16_t *out) {
    if (source->is_magnitude) {
        tg_ring_copy_magnitude(ring, segment, source->first, out);
    } else {
        tg_ring_copy_channel(ring, segment, source->first, out);
    }
}

/* |raw - offset| < 2^32, so its product with the multiplier is less than 2^63 and adding one half is
 * safe. A distance beyond 255 ends at a limit of int8 whatever the zero point is. */
int8_t tg_affine_quantise(const tg_affine_t *affine, int8_t zero_point, int32_t raw) {
    const bool is_above = raw >= affine->offset;
    const uint32_t difference = is_above ? (uint32_t)raw - (uint32_t)affine->offset
                                         : (uint32_t)affine->offset - (uint32_t)raw;
    const uint64_t half = (UINT64_C(1) << affine->shift) >> 1;
    const uint64_t distance = ((uint64_t)difference * affine->multiplier + half) >> affine->shift;
    const int32_t step = distance > 255U ? 255 : (int32_t)distance;

    return tg_saturate_int8(is_above ? zero_point + step : zero_point - step);
}
