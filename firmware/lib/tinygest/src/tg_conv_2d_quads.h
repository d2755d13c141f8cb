/* CONV_2D on int8 of any shape, four channels at a time: the inputs of each output point are copied
 * together unless they are neighbours already. */
#ifndef TG_CONV_2D_QUADS_H
#define TG_CONV_2D_QUADS_H

#include "tg_quads.h"
#include "tg_sweep.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_MAX_PATCH 384 /* inputs of an output point; they lie on the stack */

typedef struct {
    tg_quads_t quads; /* with scales; n_inputs is at most TG_MAX_PATCH */
    tg_sweep_t sweep;
    uint16_t input_channels;
    int8_t padding; /* the input's zero point */
} tg_conv_2d_quads_t;

/* input is [1, input_height, input_width, input_channels], output likewise. */
void tg_conv_2d_quads(const tg_conv_2d_quads_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
