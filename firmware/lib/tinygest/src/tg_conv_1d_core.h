/* The convolution behind tg_conv_1d and tg_conv_1d_relu, which differ in their scales alone.
 *
 * Two windows of inputs are multiplied with the weights of two outputs at a time: a weight that has been
 * loaded and widened serves two points, an input two channels. */
#ifndef TG_CONV_1D_CORE_H
#define TG_CONV_1D_CORE_H

#include <string.h>

#include "tg_scale.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_MAX_WINDOW 96 /* inputs; two windows lie on the stack */

/* Outputs in pairs. A pair is two int32 biases, less the input's zero point times the sum of the weights;
 * then for each group of four inputs the four weights of each output; then two scales. The first group
 * are inputs 0 to 3, the last ends with the last input; where two groups overlap, one of the weights is
 * 0. When n_outputs is odd, the last two pairs overlap likewise. */
typedef struct {
    uint16_t n_inputs;  /* of a window: kernel width times channels, 4..TG_MAX_WINDOW */
    uint16_t n_outputs; /* channels, at least 2 */
    uint16_t n_points;  /* at least 2 */
    uint16_t step;      /* bytes from one window to the next: stride times channels */
    uint16_t pad_left;  /* bytes */
    int8_t padding;     /* the input's zero point */
    int8_t output_zero_point;
    uint32_t input_bytes;
    const void *pairs;  /* with tg_scale_t, or tg_relu_scale_t */
} tg_conv_1d_t;

/* The window that begins `start` bytes into the input, before it where negative. */
static inline void tg_copy_window(const tg_conv_1d_t *layer, const int8_t *input, int32_t start,
                                  int8_t *window) {
    const int32_t n = layer->n_inputs;
    const int32_t end = (int32_t)layer->input_bytes - start < n ? (int32_t)layer->input_bytes - start : n;
    const int32_t first = start < 0 ? -start : 0;

    memset(window, layer->padding, (size_t)n);
    if (first < end) {
        memcpy(window + first, input + start + first, (size_t)(end - first));
    }
}

#if TG_DSP

/* Writes one of two windows as the assembly wants them: for each group of four inputs the pairs of int16
 * (x0, x2) and (x1, x3) of the first window, then of the second. */
static inline void tg_widen_window(const int8_t *window, uint32_t n_inputs, uint32_t *words) {
    const uint32_t n_last = n_inputs % 4u;
    const int8_t *const end = window + n_inputs;
    uint32_t inputs = tg_load4(window);

    window += n_last != 0 ? n_last : 4u;
    for (;;) {
        words[0] = tg_sxtb16(inputs);
        words[1] = tg_sxtb16_odd(inputs);
        if (window == end) {
            return;
        }
        inputs = tg_load4(window);
        window += 4;
        words += 4;
    }
}

/* Both at once; the second begins `step` bytes behind the first. */
static inline void tg_widen_windows(const int8_t *first, uint32_t step, uint32_t n_inputs, uint32_t *words) {
    const uint32_t n_last = n_inputs % 4u;
    const int8_t *const end = first + n_inputs;
    uint32_t inputs = tg_load4(first);
    uint32_t inputs_2 = tg_load4(first + step);

    first += n_last != 0 ? n_last : 4u;
    for (;;) {
        words[0] = tg_sxtb16(inputs);
        words[1] = tg_sxtb16_odd(inputs);
        words[2] = tg_sxtb16(inputs_2);
        words[3] = tg_sxtb16_odd(inputs_2);
        if (first == end) {
            return;
        }
        inputs = tg_load4(first);
        inputs_2 = tg_load4(first + step);
        first += 4;
        words += 4;
    }
}

static TG_NOINLINE void tg_widen_padded(const tg_conv_1d_t *layer, const int8_t *input, int32_t start,
                                        uint32_t *words) {
    int8_t window[TG_MAX_WINDOW];

    tg_copy_window(layer, input, start, window);
    tg_widen_window(window, layer->n_inputs, words);
}

/* What the assembly keeps in memory: it has no register left. */
typedef struct {
    const uint32_t *words;
    const uint32_t *words_end;
    uint32_t skipped_bytes; /* of the loop's code, on the way in */
    const int32_t *pairs;
    int8_t *output; /* of the first window */
    int8_t *output_end;
    uint32_t to_second;
    int32_t centre;
} tg_conv_1d_work_t;

enum { TG_CONV_1D_GROUP_CODE_BYTES = 52, TG_CONV_1D_GROUPS_UNROLLED = 4 };

/* Four weights of an output times four inputs of both windows.
 * r2 = (x0, x2), r3 = (x1, x3) of the first window; r4, r5 of the second. */
#define TG_CONV_1D_OUTPUT(weights, first, second)                                                  \
    "sxtb16 r8, " #weights "\n\t"                                                                  \
    "sxtb16 " #weights ", " #weights ", ror #8\n\t"                                                \
    "smlad " #first ", r2, r8, " #first "\n\t"                                                     \
    "smlad " #second ", r4, r8, " #second "\n\t"                                                   \
    "smlad " #first ", r3, " #weights ", " #first "\n\t"                                           \
    "smlad " #second ", r5, " #weights ", " #second "\n\t"

/* TG_CONV_1D_GROUP_CODE_BYTES of code. */
#define TG_CONV_1D_GROUP                                                                           \
    "ldmia.n r0!, {r2-r5}\n\t"                                                                     \
    "ldmia.n r1!, {r6, r7}\n\t"                                                                    \
    TG_CONV_1D_OUTPUT(r6, r9, r10) TG_CONV_1D_OUTPUT(r7, r11, r12)

/* Pairs for the outputs from `output` to `output_end`. r0: in the windows, lr: their end, r1: in the pairs;
 * accumulators: r9, r10 first output of first and second window, r11, r12 second output. */
#define TG_CONV_1D_PAIRS(scale_outputs)                                                            \
    "ldr r1, %[pairs]\n\t"                                                                         \
    "ldr lr, %[words_end]\n"                                                                       \
    "1:\n\t"                                                                                       \
    "ldmia.w r1!, {r9, r11}\n\t"                                                                   \
    "ldr r0, %[words]\n\t"                                                                         \
    "ldr r2, %[skipped_bytes]\n\t"                                                                 \
    "mov r10, r9\n\t"                                                                              \
    "mov r12, r11\n\t"                                                                             \
    "add pc, r2\n"                                                                                 \
    "2:\n\t" TG_CONV_1D_GROUP TG_CONV_1D_GROUP TG_CONV_1D_GROUP TG_CONV_1D_GROUP                   \
    "cmp r0, lr\n\t"                                                                               \
    "bne 2b\n\t" scale_outputs                                                                     \
    "ldr r6, %[output]\n\t"                                                                        \
    "ldr r7, %[to_second]\n\t"                                                                     \
    "strb r10, [r6, r7]\n\t"                                                                       \
    "strb r9, [r6], #1\n\t"                                                                        \
    "strb r12, [r6, r7]\n\t"                                                                       \
    "strb r11, [r6], #1\n\t"                                                                       \
    "str r6, %[output]\n\t"                                                                        \
    "ldr r2, %[output_end]\n\t"                                                                    \
    "cmp r6, r2\n\t"                                                                               \
    "bne 1b\n\t"                                                                                   \
    "str r1, %[pairs]\n\t"

#define TG_CONV_1D_SCALE                                                                           \
    "ldmia r1!, {r2-r5}\n\t"                                                                       \
    "ldr r0, %[centre]\n\t"                                                                        \
    TG_ASM_SCALE(r9, r2, r3, r0) TG_ASM_SCALE(r10, r2, r3, r0)                                     \
    TG_ASM_SCALE(r11, r4, r5, r0) TG_ASM_SCALE(r12, r4, r5, r0)

#define TG_CONV_1D_SCALE_RELU                                                                      \
    "ldmia r1!, {r2-r7}\n\t"                                                                       \
    TG_ASM_SCALE_RELU(r9, r2, r3, r4) TG_ASM_SCALE_RELU(r10, r2, r3, r4)                           \
    TG_ASM_SCALE_RELU(r11, r5, r6, r7) TG_ASM_SCALE_RELU(r12, r5, r6, r7)

#define TG_CONV_1D_RUN(assembly, work)                                                             \
    __asm__ volatile(assembly                                                                      \
                     : [output] "+m"((work).output), [pairs] "+m"((work).pairs)                    \
                     : [words] "m"((work).words), [words_end] "m"((work).words_end),               \
                       [skipped_bytes] "m"((work).skipped_bytes), [centre] "m"((work).centre),     \
                       [output_end] "m"((work).output_end), [to_second] "m"((work).to_second)      \
                     : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10",          \
                       "r11", "r12", "lr", "cc", "memory")

static TG_INLINE void tg_run_conv_1d(const tg_conv_1d_t *layer, const int8_t *input,
                                                                 int8_t *output, bool is_relu) {
    const uint32_t n_groups = (layer->n_inputs + 3u) / 4u;
    const uint32_t n_outputs = layer->n_outputs;
    const uint32_t last = layer->n_points - 2u;
    uint32_t words[TG_MAX_WINDOW];
    tg_conv_1d_work_t work;
    work.words = words;
    work.words_end = words + 4u * n_groups;
    work.skipped_bytes = (0u - n_groups) % TG_CONV_1D_GROUPS_UNROLLED * TG_CONV_1D_GROUP_CODE_BYTES - TG_PC_AHEAD;
    work.to_second = n_outputs;
    work.centre = 2 * layer->output_zero_point + 1;

    for (uint32_t point = 0; point <= last; point += 2u) {
        const int32_t start = (int32_t)(point * layer->step) - layer->pad_left;
        const int32_t end = start + layer->step + layer->n_inputs;
        if (start >= 0 && (uint32_t)end <= layer->input_bytes) {
            tg_widen_windows(input + start, layer->step, layer->n_inputs, words);
        } else {
            tg_widen_padded(layer, input, start, words);
            tg_widen_padded(layer, input, start + layer->step, words + 2);
        }
        int8_t *const output_end = output + (point + 1u) * n_outputs;
        work.pairs = (const int32_t *)layer->pairs;
        work.output = output_end - n_outputs;
        work.output_end = output_end - n_outputs % 2u;
        for (;;) {
            if (is_relu) {
                TG_CONV_1D_RUN(TG_CONV_1D_PAIRS(TG_CONV_1D_SCALE_RELU), work);
            } else {
                TG_CONV_1D_RUN(TG_CONV_1D_PAIRS(TG_CONV_1D_SCALE), work);
            }
            if (work.output_end == output_end) {
                break;
            }
            work.output = output_end - 2; /* the last pair overlaps */
            work.output_end = output_end;
        }
        if (point + 1u == last) {
            --point; /* an odd number of points: the last two pairs of them overlap */
        }
    }
}

#else

/* Sum of inputs times the weights of one output, which are four of every eight. */
static inline int32_t tg_conv_1d_dot(const int8_t *input, const int8_t *weights, uint32_t n_inputs) {
    const uint32_t n_last = n_inputs % 4u;
    const int8_t *const end = input + n_inputs;
    const int8_t *next = input + (n_last != 0 ? n_last : 4u);
    int32_t sum = 0;

    for (;;) {
        sum += input[0] * weights[0] + input[1] * weights[1] + input[2] * weights[2] + input[3] * weights[3];
        if (next == end) {
            return sum;
        }
        input = next;
        next += 4;
        weights += 8;
    }
}

static inline void tg_convolve_window(const tg_conv_1d_t *layer, const int8_t *window, int8_t *output,
                                      bool is_relu) {
    const uint32_t weight_bytes = (layer->n_inputs + 3u) / 4u * 8u;
    const uint32_t n_pairs = (layer->n_outputs + 1u) / 2u;
    const int8_t *pair = (const int8_t *)layer->pairs;

    for (uint32_t i = 0; i < n_pairs; ++i) {
        const int32_t *const bias = (const int32_t *)(const void *)pair;
        const void *const scales = pair + 8u + weight_bytes;
        const uint32_t channel = i + 1u < n_pairs ? 2u * i : layer->n_outputs - 2u;
        for (uint32_t k = 0; k < 2u; ++k) {
            const int8_t *const weights = pair + 8u + 4u * k;
            const int32_t sum = bias[k] + tg_conv_1d_dot(window, weights, layer->n_inputs);
            output[channel + k] =
                is_relu ? tg_scaled_relu(sum, (const tg_relu_scale_t *)scales + k)
                        : tg_scaled(sum, (const tg_scale_t *)scales + k, layer->output_zero_point);
        }
        pair += 8u + weight_bytes + 2u * (is_relu ? sizeof(tg_relu_scale_t) : sizeof(tg_scale_t));
    }
}

static inline void tg_run_conv_1d(const tg_conv_1d_t *layer, const int8_t *input, int8_t *output, bool is_relu) {
    int8_t copy[TG_MAX_WINDOW];

    for (uint32_t point = 0; point < layer->n_points; ++point) {
        const int32_t start = (int32_t)(point * layer->step) - layer->pad_left;
        const int8_t *window = copy;
        if (start >= 0 && (uint32_t)start + layer->n_inputs <= layer->input_bytes) {
            window = input + start;
        } else {
            tg_copy_window(layer, input, start, copy);
        }
        tg_convolve_window(layer, window, output, is_relu);
        output += layer->n_outputs;
    }
}

#endif

#ifdef __cplusplus
}
#endif

#endif
