/* CONV_2D and DEPTHWISE_CONV_2D with dilation, and CONV_2D in groups, on int8: the convolutions that
 * have no faster kernel. */
#ifndef TG_GENERAL_CONV_2D_H
#define TG_GENERAL_CONV_2D_H

#include "tg_requantise.h"
#include "tg_sweep.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The output channels of a group see the group_inputs input channels of that group alone. */
typedef struct {
    tg_sweep_t sweep;
    uint16_t dilation_height; /* rows from one tap of the kernel to the next */
    uint16_t dilation_width;
    uint16_t n_groups;
    uint16_t group_inputs;
    uint16_t group_outputs;
    int16_t input_offset;  /* minus the input's zero point */
    const int8_t *weights; /* [output channel, kernel_height, kernel_width, group_inputs] */
    const int32_t *bias;   /* [output channel] */
    tg_requantise_t requantise;
} tg_general_conv_2d_t;

/* input is [1, input_height, input_width, n_groups * group_inputs], output likewise. */
void tg_general_conv_2d(const tg_general_conv_2d_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
