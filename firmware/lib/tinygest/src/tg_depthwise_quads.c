#include "tg_depthwise_quads.h"

/* Where the inputs of one output point lie: for each tap all channels of an input point, or padding. */
static void find_taps(const tg_depthwise_quads_t *layer, const int8_t *input, int32_t y, int32_t x,
                      const int8_t **taps) {
    const tg_sweep_t *const sweep = &layer->sweep;
    const tg_taps_t rows = tg_rows(sweep, y);
    const tg_taps_t columns = tg_columns(sweep, x);

    for (int32_t row = 0; row < sweep->kernel_height; ++row) {
        int32_t column = 0;
        if (row >= rows.first && row < rows.end) {
            const int32_t first_point = (rows.origin + row) * sweep->input_width + columns.origin;
            for (; column < columns.first; ++column) {
                *taps++ = layer->padding;
            }
            for (; column < columns.end; ++column) {
                *taps++ = input + (first_point + column) * layer->n_channels;
            }
        }
        for (; column < sweep->kernel_width; ++column) {
            *taps++ = layer->padding;
        }
    }
}

#if TG_DSP

/* What the assembly keeps in memory: it has no register left. */
typedef struct {
    const int8_t *const *taps;
    const int8_t *const *taps_end;
    uint32_t skipped_bytes; /* of the loop's code, on the way in */
    const int32_t *quads;
    const int32_t *quads_end;
    int8_t *output;
    uint32_t channel;
    int32_t centre;
} work_t;

enum { TAP_CODE_BYTES = 36, TAPS_UNROLLED = 5 };

/* Four channels of an input point times their weights: TAP_CODE_BYTES of code.
 * r9 = (x0, x2), r8 = (x1, x3), r10 and r11 the weights likewise, as pairs of int16. */
#define TAP                                                                                        \
    "ldr.w r8, [r0], #4\n\t"                                                                       \
    "ldr.w r8, [r8, r1]\n\t"                                                                       \
    "ldmia.w r2!, {r10, r11}\n\t"                                                                  \
    "sxtb16 r9, r8\n\t"                                                                            \
    "sxtb16 r8, r8, ror #8\n\t"                                                                    \
    "smlabb r4, r9, r10, r4\n\t"                                                                   \
    "smlatt r6, r9, r10, r6\n\t"                                                                   \
    "smlabb r5, r8, r11, r5\n\t"                                                                   \
    "smlatt r7, r8, r11, r7\n\t"

/* All quads from `quads` to `quads_end`. r0: in the list of taps, r3: its end, r1: first channel,
 * r2: in the quads, r4-r7: accumulators, r12: output, lr: centre. */
#define QUADS                                                                                      \
    "ldr r1, %[channel]\n\t"                                                                       \
    "ldr r2, %[quads]\n\t"                                                                         \
    "ldr r3, %[taps_end]\n\t"                                                                      \
    "ldr r12, %[output]\n\t"                                                                       \
    "ldr lr, %[centre]\n"                                                                          \
    "1:\n\t"                                                                                       \
    "ldmia.w r2!, {r4-r7}\n\t"                                                                     \
    "ldr r8, %[skipped_bytes]\n\t"                                                                 \
    "ldr r0, %[taps]\n\t"                                                                          \
    "add pc, r8\n\t"                                                                               \
    "nop\n"                                                                                        \
    "2:\n\t" TAP TAP TAP TAP TAP                                                                   \
    "cmp r0, r3\n\t"                                                                               \
    "bne 2b\n\t"                                                                                   \
    "ldmia.w r2!, {r8-r11}\n\t"                                                                    \
    TG_ASM_SCALE(r4, r8, r9, lr) TG_ASM_SCALE(r5, r10, r11, lr)                                    \
    "ldmia.w r2!, {r8-r11}\n\t"                                                                    \
    TG_ASM_SCALE(r6, r8, r9, lr) TG_ASM_SCALE(r7, r10, r11, lr)                                    \
    "strb r4, [r12], #1\n\t"                                                                       \
    "strb r5, [r12], #1\n\t"                                                                       \
    "strb r6, [r12], #1\n\t"                                                                       \
    "strb r7, [r12], #1\n\t"                                                                       \
    "ldr r8, %[quads_end]\n\t"                                                                     \
    "adds r1, #4\n\t"                                                                              \
    "cmp r2, r8\n\t"                                                                               \
    "bne 1b\n\t"                                                                                   \
    "str r2, %[quads]\n\t"                                                                         \
    "str r12, %[output]\n\t"                                                                       \
    "str r1, %[channel]\n\t"

static void convolve_point(const tg_depthwise_quads_t *layer, const int8_t *const *taps, int8_t *output) {
    const uint32_t n_taps = (uint32_t)layer->sweep.kernel_height * layer->sweep.kernel_width;
    const uint32_t quad_words = 12u + 2u * n_taps;
    const int32_t *const quads = (const int32_t *)layer->quads;
    uint32_t n_rest = layer->n_channels % 4u;
    work_t work = {
        taps,
        taps + n_taps,
        (TAPS_UNROLLED - 1u - (n_taps - 1u) % TAPS_UNROLLED) * TAP_CODE_BYTES,
        quads,
        quads + layer->n_channels / 4u * quad_words,
        output,
        0,
        2 * layer->output_zero_point + 1,
    };

    for (;;) {
        __asm__ volatile(QUADS
                         : [quads] "+m"(work.quads), [output] "+m"(work.output),
                           [channel] "+m"(work.channel)
                         : [taps] "m"(work.taps), [taps_end] "m"(work.taps_end),
                           [skipped_bytes] "m"(work.skipped_bytes), [centre] "m"(work.centre),
                           [quads_end] "m"(work.quads_end)
                         : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10",
                           "r11", "r12", "lr", "cc", "memory");
        if (n_rest == 0) {
            return;
        }
        work.output -= 4u - n_rest;
        work.channel -= 4u - n_rest;
        work.quads_end += quad_words;
        n_rest = 0;
    }
}

#else

static void convolve_point(const tg_depthwise_quads_t *layer, const int8_t *const *taps, int8_t *output) {
    const uint32_t n_taps = (uint32_t)layer->sweep.kernel_height * layer->sweep.kernel_width;
    const uint32_t n_quads = (layer->n_channels + 3u) / 4u;
    const int8_t *quad = (const int8_t *)layer->quads;

    for (uint32_t i = 0; i < n_quads; ++i) {
        const int32_t *const bias = (const int32_t *)(const void *)quad;
        const int16_t *const weights = (const int16_t *)(const void *)(quad + 16u);
        const tg_scale_t *const scales = (const tg_scale_t *)(const void *)(weights + 4u * n_taps);
        const uint32_t channel = i + 1u < n_quads ? 4u * i : layer->n_channels - 4u;
        for (uint32_t k = 0; k < 4u; ++k) {
            const int16_t *weight = weights + (k % 2u) * 2u + k / 2u;
            int32_t sum = bias[k];
            for (uint32_t tap = 0; tap < n_taps; ++tap) {
                sum += taps[tap][channel + k] * *weight;
                weight += 4;
            }
            output[channel + k] = tg_scaled(sum, &scales[k], layer->output_zero_point);
        }
        quad = (const int8_t *)(scales + 4);
    }
}

#endif

void tg_depthwise_quads(const tg_depthwise_quads_t *layer, const int8_t *input, int8_t *output) {
    const int8_t *taps[TG_MAX_TAPS];

    for (int32_t y = 0; y < layer->sweep.output_height; ++y) {
        for (int32_t x = 0; x < layer->sweep.output_width; ++x) {
            find_taps(layer, input, y, x, taps);
            convolve_point(layer, taps, output);
            output += layer->n_channels;
        }
    }
}
