#include "tg_axes.h"

#include "tg_bytes.h"
#include "tg_math.h"

/* 32768 * 49124 < 2^31 */
void tg_scale_axes(const uint8_t *in, const tg_axes_t *axes, int32_t scale, int16_t *out) {
    for (uint8_t i = 0; i < 3; ++i) {
        const int32_t counts = axes->sign[i] * tg_get_s16(in + 2 * axes->source[i]);
        out[i] = tg_saturate_int16(tg_round_shift32(counts * scale, 15));
    }
}
