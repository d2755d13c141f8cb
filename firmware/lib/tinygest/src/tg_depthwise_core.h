/* The convolution behind tg_depthwise_quads and tg_depthwise_quads_relu, which differ in their scales
 * alone. */
#ifndef TG_DEPTHWISE_CORE_H
#define TG_DEPTHWISE_CORE_H

#include "tg_scale.h"
#include "tg_sweep.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_MAX_TAPS 25 /* a kernel of 5 x 5; where they are lies on the stack */

/* Channels in quads. A quad is four int32 biases, less the input's zero point times the sum of the
 * weights; then for each tap of the kernel the weights of channels 0, 2, 1 and 3 as int16; then four
 * scales. When n_channels is no multiple of 4, the last two quads overlap. */
typedef struct {
    tg_sweep_t sweep;      /* at most TG_MAX_TAPS taps */
    uint16_t n_channels;   /* at least 4 */
    int16_t output_zero_point;
    const int8_t *padding; /* (n_channels) times the input's zero point */
    const void *quads;     /* with tg_scale_t, or tg_relu_scale_t */
} tg_depthwise_quads_t;

#if TG_DSP

/* What the assembly keeps in memory: it has no register left. */
typedef struct {
    const uintptr_t *taps;
    const uintptr_t *taps_end;
    uint32_t skipped_bytes; /* of the loop's code, on the way in */
    const int32_t *quads;
    const int32_t *quads_end;
    int8_t *output;
    uint32_t output_skip; /* bytes of a point that the quads do not write */
    uintptr_t base;
    uint32_t step;
    uint32_t n_points;
    int32_t centre;
} tg_depthwise_work_t;

enum { TG_DEPTHWISE_TAP_CODE_BYTES = 36, TG_DEPTHWISE_TAPS_UNROLLED = 5 };

/* Four channels of an input point times their weights: TG_DEPTHWISE_TAP_CODE_BYTES of code.
 * r9 = (x0, x2), r8 = (x1, x3), r10 and r11 the weights likewise, as pairs of int16. */
#define TG_DEPTHWISE_TAP                                                                           \
    "ldr.w r8, [r0], #4\n\t"                                                                       \
    "ldr.w r8, [r8, r1]\n\t"                                                                       \
    "ldmia.w r2!, {r10, r11}\n\t"                                                                  \
    "sxtb16 r9, r8\n\t"                                                                            \
    "sxtb16 r8, r8, ror #8\n\t"                                                                    \
    "smlabb r4, r9, r10, r4\n\t"                                                                   \
    "smlatt r6, r9, r10, r6\n\t"                                                                   \
    "smlabb r5, r8, r11, r5\n\t"                                                                   \
    "smlatt r7, r8, r11, r7\n\t"

/* For n_points points all quads from `quads` to `quads_end`. r0: in the list of taps, r3: its end,
 * r1: base and first channel, r2: in the quads, r4-r7: accumulators, r12: output, lr: centre. */
#define TG_DEPTHWISE_POINTS(scale_outputs)                                                         \
    "ldr r3, %[taps_end]\n\t"                                                                      \
    "ldr r12, %[output]\n\t"                                                                       \
    "ldr lr, %[centre]\n"                                                                          \
    "1:\n\t"                                                                                       \
    "ldr r1, %[base]\n\t"                                                                          \
    "ldr r2, %[quads]\n"                                                                           \
    "2:\n\t"                                                                                       \
    "ldmia r2!, {r4-r7}\n\t"                                                                       \
    "ldr r8, %[skipped_bytes]\n\t"                                                                 \
    "ldr r0, %[taps]\n\t"                                                                          \
    "add pc, r8\n"                                                                                 \
    "3:\n\t" TG_DEPTHWISE_TAP TG_DEPTHWISE_TAP TG_DEPTHWISE_TAP TG_DEPTHWISE_TAP TG_DEPTHWISE_TAP  \
    "cmp r0, r3\n\t"                                                                               \
    "bne 3b\n\t" scale_outputs                                                                     \
    "strb r4, [r12], #1\n\t"                                                                       \
    "strb r5, [r12], #1\n\t"                                                                       \
    "strb r6, [r12], #1\n\t"                                                                       \
    "strb r7, [r12], #1\n\t"                                                                       \
    "ldr r8, %[quads_end]\n\t"                                                                     \
    "adds r1, #4\n\t"                                                                              \
    "cmp r2, r8\n\t"                                                                               \
    "bne 2b\n\t"                                                                                   \
    "ldr r0, %[base]\n\t"                                                                          \
    "ldr r1, %[step]\n\t"                                                                          \
    "ldr r2, %[output_skip]\n\t"                                                                   \
    "ldr r4, %[n_points]\n\t"                                                                      \
    "add r0, r1\n\t"                                                                               \
    "str r0, %[base]\n\t"                                                                          \
    "add r12, r2\n\t"                                                                              \
    "subs r4, #1\n\t"                                                                              \
    "str r4, %[n_points]\n\t"                                                                      \
    "bne 1b\n\t"

#define TG_DEPTHWISE_SCALE                                                                         \
    "ldmia.w r2!, {r8-r11}\n\t"                                                                    \
    TG_ASM_SCALE(r4, r8, r9, lr) TG_ASM_SCALE(r5, r10, r11, lr)                                    \
    "ldmia.w r2!, {r8-r11}\n\t"                                                                    \
    TG_ASM_SCALE(r6, r8, r9, lr) TG_ASM_SCALE(r7, r10, r11, lr)

#define TG_DEPTHWISE_SCALE_RELU                                                                    \
    "ldmia.w r2!, {r0, r8-r11, lr}\n\t"                                                            \
    TG_ASM_SCALE_RELU(r4, r0, r8, r9) TG_ASM_SCALE_RELU(r5, r10, r11, lr)                          \
    "ldmia.w r2!, {r0, r8-r11, lr}\n\t"                                                            \
    TG_ASM_SCALE_RELU(r6, r0, r8, r9) TG_ASM_SCALE_RELU(r7, r10, r11, lr)

#define TG_DEPTHWISE_RUN(assembly, work)                                                           \
    __asm__ volatile(assembly                                                                      \
                     : [base] "+m"((work).base), [n_points] "+m"((work).n_points)                  \
                     : [taps] "m"((work).taps), [taps_end] "m"((work).taps_end),                   \
                       [skipped_bytes] "m"((work).skipped_bytes), [centre] "m"((work).centre),     \
                       [quads] "m"((work).quads), [quads_end] "m"((work).quads_end),               \
                       [output] "m"((work).output), [output_skip] "m"((work).output_skip),         \
                       [step] "m"((work).step)                                                     \
                     : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10",          \
                       "r11", "r12", "lr", "cc", "memory")

/* n_points points: tap i of point p is at taps[i] + p * step. */
static TG_INLINE void tg_depthwise_points(const tg_depthwise_quads_t *layer,
                                                                      const uintptr_t *taps, uint32_t n_points,
                                                                      int8_t *output, bool is_relu) {
    const uint32_t n_taps = (uint32_t)layer->sweep.kernel_height * layer->sweep.kernel_width;
    const uint32_t quad_words = 4u + 2u * n_taps + (is_relu ? 12u : 8u);
    const uint32_t last = layer->n_channels - 4u;
    tg_depthwise_work_t work;
    work.taps = taps;
    work.taps_end = taps + n_taps;
    work.skipped_bytes = (TG_DEPTHWISE_TAPS_UNROLLED - 1u - (n_taps - 1u) % TG_DEPTHWISE_TAPS_UNROLLED)
                         * TG_DEPTHWISE_TAP_CODE_BYTES - TG_PC_AHEAD;
    work.quads = (const int32_t *)layer->quads;
    work.quads_end = work.quads + layer->n_channels / 4u * quad_words;
    work.output = output;
    work.output_skip = layer->n_channels % 4u;
    work.base = 0;
    work.step = (uint32_t)layer->sweep.stride_width * layer->n_channels;
    work.centre = 2 * layer->output_zero_point + 1;

    for (uint32_t n_left = work.output_skip != 0 ? 2u : 1u; n_left > 0; --n_left) {
        work.n_points = n_points;
        if (is_relu) {
            TG_DEPTHWISE_RUN(TG_DEPTHWISE_POINTS(TG_DEPTHWISE_SCALE_RELU), work);
        } else {
            TG_DEPTHWISE_RUN(TG_DEPTHWISE_POINTS(TG_DEPTHWISE_SCALE), work);
        }
        work.quads = work.quads_end; /* once more for the quad that overlaps */
        work.quads_end += quad_words;
        work.output = output + last;
        work.output_skip = last;
        work.base = last;
    }
}

#else

static inline void tg_depthwise_point(const tg_depthwise_quads_t *layer, const uintptr_t *taps, uintptr_t base,
                                      int8_t *output, bool is_relu) {
    const uint32_t n_taps = (uint32_t)layer->sweep.kernel_height * layer->sweep.kernel_width;
    const uint32_t n_quads = (layer->n_channels + 3u) / 4u;
    const int8_t *quad = (const int8_t *)layer->quads;

    for (uint32_t i = 0; i < n_quads; ++i) {
        const int32_t *const bias = (const int32_t *)(const void *)quad;
        const int16_t *const weights = (const int16_t *)(const void *)(quad + 16u);
        const void *const scales = weights + 4u * n_taps;
        const uint32_t channel = i + 1u < n_quads ? 4u * i : layer->n_channels - 4u;
        for (uint32_t k = 0; k < 4u; ++k) {
            const int16_t *weight = weights + (k % 2u) * 2u + k / 2u;
            int32_t sum = bias[k];
            for (uint32_t tap = 0; tap < n_taps; ++tap) {
                sum += ((const int8_t *)(taps[tap] + base))[channel + k] * *weight;
                weight += 4;
            }
            output[channel + k] =
                is_relu ? tg_scaled_relu(sum, (const tg_relu_scale_t *)scales + k)
                        : tg_scaled(sum, (const tg_scale_t *)scales + k, layer->output_zero_point);
        }
        quad = (const int8_t *)scales + 4u * (is_relu ? sizeof(tg_relu_scale_t) : sizeof(tg_scale_t));
    }
}

static inline void tg_depthwise_points(const tg_depthwise_quads_t *layer, const uintptr_t *taps,
                                       uint32_t n_points, int8_t *output, bool is_relu) {
    for (uint32_t point = 0; point < n_points; ++point) {
        const uint32_t step = (uint32_t)layer->sweep.stride_width * layer->n_channels;
        tg_depthwise_point(layer, taps, (uintptr_t)point * step, output, is_relu);
        output += layer->n_channels;
    }
}

#endif

/* Addresses of the taps of one output point: all channels of an input point each, or padding. */
static inline void tg_find_taps(const tg_depthwise_quads_t *layer, const int8_t *input, tg_taps_t rows,
                                tg_taps_t columns, uintptr_t *taps) {
    for (int32_t row = 0; row < layer->sweep.kernel_height; ++row) {
        for (int32_t column = 0; column < layer->sweep.kernel_width; ++column) {
            const int8_t *at = layer->padding;
            if (row >= rows.first && row < rows.end && column >= columns.first && column < columns.end) {
                const int32_t point = (rows.origin + row) * layer->sweep.input_width + columns.origin + column;
                at = input + point * layer->n_channels;
            }
            *taps++ = (uintptr_t)at;
        }
    }
}

/* Output points from x on whose taps lie as those of point x, one step apart. */
static inline uint32_t tg_count_alike(const tg_sweep_t *sweep, tg_taps_t rows, tg_taps_t columns, uint32_t x) {
    const int32_t last_origin = sweep->input_width - sweep->kernel_width;
    const bool all_rows = rows.end - rows.first == sweep->kernel_height;

    if (!all_rows || columns.origin < 0 || columns.origin > last_origin) {
        return 1; /* padding does not move on with the points */
    }
    const uint32_t n_inside = (uint32_t)(last_origin - columns.origin) / sweep->stride_width + 1u;
    return n_inside < sweep->output_width - x ? n_inside : sweep->output_width - x;
}

static TG_INLINE void tg_run_depthwise(const tg_depthwise_quads_t *layer,
                                                                   const int8_t *input, int8_t *output,
                                                                   bool is_relu) {
    uintptr_t taps[TG_MAX_TAPS];

    for (int32_t y = 0; y < layer->sweep.output_height; ++y) {
        const tg_taps_t rows = tg_rows(&layer->sweep, y);
        for (uint32_t x = 0; x < layer->sweep.output_width;) {
            const tg_taps_t columns = tg_columns(&layer->sweep, (int32_t)x);
            const uint32_t n = tg_count_alike(&layer->sweep, rows, columns, x);
            tg_find_taps(layer, input, rows, columns, taps);
            tg_depthwise_points(layer, taps, n, output, is_relu);
            output += n * layer->n_channels;
            x += n;
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif
