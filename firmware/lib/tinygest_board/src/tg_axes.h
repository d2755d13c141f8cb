/* From a part's counts and axes to the board's. */
#ifndef TG_AXES_H
#define TG_AXES_H

#include "tg_protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Q15: LSM9DS1 at 16 g gives 0.732 mg a count, at 2000 degrees/s 70 mdps; ours are 1/2048 g and
 * 1/16.384 degrees/s. 0.000732 * 2048 = 1.499136 and 0.07 * 16.384 = 1.14688. */
#define TG_SCALE_ONE 32768
#define TG_SCALE_LSM9DS1_ACCELERATION 49124
#define TG_SCALE_LSM9DS1_ROTATION 37581

/* The board's x and y in the part's. */
typedef struct {
    uint8_t source[3];
    int8_t sign[3];
} tg_axes_t;

/* in: 6 bytes of a part's x y z; out: (3). Rounded to nearest, saturated. */
void tg_scale_axes(const uint8_t *in, const tg_axes_t *axes, int32_t scale, int16_t *out);

#ifdef __cplusplus
}
#endif

#endif
