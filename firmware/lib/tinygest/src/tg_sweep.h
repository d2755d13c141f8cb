/* What convolution and pooling share: a kernel that sweeps over a [1, height, width, channels] tensor. */
#ifndef TG_SWEEP_H
#define TG_SWEEP_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Output point (y, x) sees the input rows from y * stride_height - pad_top, and the columns alike;
 * of these only the ones inside the input exist. */
typedef struct {
    uint16_t input_height;
    uint16_t input_width;
    uint16_t output_height;
    uint16_t output_width;
    uint16_t kernel_height;
    uint16_t kernel_width;
    uint16_t stride_height;
    uint16_t stride_width;
    uint16_t pad_top;
    uint16_t pad_left;
} tg_sweep_t;

/* Along one axis: the kernel's taps [first, end) that lie inside the input, and where tap 0 lies. */
typedef struct {
    int32_t origin;
    int32_t first;
    int32_t end;
} tg_taps_t;

static inline tg_taps_t tg_taps(int32_t output, uint16_t stride, uint16_t pad, uint16_t kernel,
                                uint16_t input_size) {
    tg_taps_t taps;
    taps.origin = output * stride - pad;
    taps.first = taps.origin < 0 ? -taps.origin : 0;
    taps.end = input_size - taps.origin < kernel ? input_size - taps.origin : kernel;
    return taps;
}

static inline tg_taps_t tg_rows(const tg_sweep_t *sweep, int32_t y) {
    return tg_taps(y, sweep->stride_height, sweep->pad_top, sweep->kernel_height,
                   sweep->input_height);
}

static inline tg_taps_t tg_columns(const tg_sweep_t *sweep, int32_t x) {
    return tg_taps(x, sweep->stride_width, sweep->pad_left, sweep->kernel_width,
                   sweep->input_width);
}

#ifdef __cplusplus
}
#endif

#endif
