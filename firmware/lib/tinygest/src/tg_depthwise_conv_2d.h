/* DEPTHWISE_CONV_2D on int8. */
#ifndef TG_DEPTHWISE_CONV_2D_H
#define TG_DEPTHWISE_CONV_2D_H

#include "tg_requantise.h"
#include "tg_sweep.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Output channel c sees input channel c / depth_multiplier alone. */
typedef struct {
    tg_sweep_t sweep;
    uint16_t input_channels;
    uint16_t depth_multiplier;
    int16_t input_offset;  /* minus the input's zero point */
    const int8_t *weights; /* [1, kernel_height, kernel_width, output_channels] */
    const int32_t *bias;   /* [output_channels] */
    tg_requantise_t requantise;
} tg_depthwise_conv_2d_t;

/* input is [1, input_height, input_width, input_channels], output has
 * input_channels * depth_multiplier channels. */
void tg_depthwise_conv_2d(const tg_depthwise_conv_2d_t *layer, const int8_t *input,
                          int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
