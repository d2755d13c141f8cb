#include "tg_pairs.h"

#include <string.h>

#if TG_DSP

void tg_set_window(tg_windows_t *windows, uint32_t which, const int8_t *inputs, uint32_t n_inputs) {
    const uint32_t n_last = n_inputs % 4u;
    const int8_t *const end = inputs + n_inputs;
    uint32_t *group = windows->words + 2u * which;
    uint32_t bytes = tg_load4(inputs);

    inputs += n_last != 0 ? n_last : 4u;
    for (;;) {
        group[0] = tg_sxtb16(bytes);
        group[1] = tg_sxtb16_odd(bytes);
        if (inputs == end) {
            return;
        }
        bytes = tg_load4(inputs);
        inputs += 4;
        group += 4;
    }
}

/* What the assembly keeps in memory: it has no register left. */
typedef struct {
    const uint32_t *words;
    const uint32_t *words_end;
    uint32_t skipped_bytes; /* of the loop's code, on the way in */
    const int32_t *pairs;
    const int32_t *pairs_end;
    int8_t *output; /* of the first window */
    uint32_t to_second;
    int32_t centre;
} work_t;

enum { GROUP_CODE_BYTES = 56, GROUPS_UNROLLED = 4 };

/* Four weights of an output times four inputs of both windows.
 * r2 = (x0, x2), r3 = (x1, x3) of the first window; r4, r5 of the second. */
#define OUTPUT(weights, first, second)                                                             \
    "sxtb16 r8, " #weights "\n\t"                                                                  \
    "sxtb16 " #weights ", " #weights ", ror #8\n\t"                                                \
    "smlad " #first ", r2, r8, " #first "\n\t"                                                     \
    "smlad " #second ", r4, r8, " #second "\n\t"                                                   \
    "smlad " #first ", r3, " #weights ", " #first "\n\t"                                           \
    "smlad " #second ", r5, " #weights ", " #second "\n\t"

/* GROUP_CODE_BYTES of code. */
#define GROUP                                                                                      \
    "ldmia.w r0!, {r2-r5}\n\t"                                                                     \
    "ldmia.w r1!, {r6, r7}\n\t"                                                                    \
    OUTPUT(r6, r9, r10) OUTPUT(r7, r11, r12)

/* All pairs from `pairs` to `pairs_end`. r0: in the windows, lr: their end, r1: in the pairs;
 * accumulators: r9, r10 first output of first and second window, r11, r12 second output. */
#define PAIRS                                                                                      \
    "ldr r1, %[pairs]\n\t"                                                                         \
    "ldr lr, %[words_end]\n"                                                                       \
    "1:\n\t"                                                                                       \
    "ldmia.w r1!, {r9, r11}\n\t"                                                                   \
    "ldr r0, %[words]\n\t"                                                                         \
    "ldr r2, %[skipped_bytes]\n\t"                                                                 \
    "mov r10, r9\n\t"                                                                              \
    "mov r12, r11\n\t"                                                                             \
    "add pc, r2\n\t"                                                                               \
    "nop\n"                                                                                        \
    "2:\n\t" GROUP GROUP GROUP GROUP                                                               \
    "cmp r0, lr\n\t"                                                                               \
    "bne 2b\n\t"                                                                                   \
    "ldmia.w r1!, {r2-r5}\n\t"                                                                     \
    "ldr r0, %[centre]\n\t"                                                                        \
    TG_ASM_SCALE(r9, r2, r3, r0) TG_ASM_SCALE(r10, r2, r3, r0)                                     \
    TG_ASM_SCALE(r11, r4, r5, r0) TG_ASM_SCALE(r12, r4, r5, r0)                                    \
    "ldr r6, %[output]\n\t"                                                                        \
    "ldr r7, %[to_second]\n\t"                                                                     \
    "strb r10, [r6, r7]\n\t"                                                                       \
    "strb r9, [r6], #1\n\t"                                                                        \
    "strb r12, [r6, r7]\n\t"                                                                       \
    "strb r11, [r6], #1\n\t"                                                                       \
    "str r6, %[output]\n\t"                                                                        \
    "ldr r2, %[pairs_end]\n\t"                                                                     \
    "cmp r1, r2\n\t"                                                                               \
    "bne 1b\n\t"                                                                                   \
    "str r1, %[pairs]\n\t"

void tg_pairs(const tg_pairs_t *layer, const tg_windows_t *windows, int8_t *output) {
    const uint32_t n_groups = (layer->n_inputs + 3u) / 4u;
    const uint32_t pair_words = 6u + 2u * n_groups;
    const int32_t *const pairs = (const int32_t *)layer->pairs;
    uint32_t n_rest = layer->n_outputs % 2u;
    work_t work = {
        windows->words,
        windows->words + 4u * n_groups,
        (0u - n_groups) % GROUPS_UNROLLED * GROUP_CODE_BYTES,
        pairs,
        pairs + layer->n_outputs / 2u * pair_words,
        output,
        layer->n_outputs,
        2 * layer->output_zero_point + 1,
    };

    for (;;) {
        __asm__ volatile(PAIRS
                         : [pairs] "+m"(work.pairs), [output] "+m"(work.output)
                         : [words] "m"(work.words), [words_end] "m"(work.words_end),
                           [skipped_bytes] "m"(work.skipped_bytes), [centre] "m"(work.centre),
                           [pairs_end] "m"(work.pairs_end), [to_second] "m"(work.to_second)
                         : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10",
                           "r11", "r12", "lr", "cc", "memory");
        if (n_rest == 0) {
            return;
        }
        work.output -= 1;
        work.pairs_end += pair_words;
        n_rest = 0;
    }
}

#else

void tg_set_window(tg_windows_t *windows, uint32_t which, const int8_t *inputs, uint32_t n_inputs) {
    memcpy(windows->bytes[which], inputs, n_inputs);
}

/* Sum of inputs times the weights of one output, which are four of every eight. */
static int32_t dot(const int8_t *input, const int8_t *weights, uint32_t n_inputs) {
    const uint32_t n_last = n_inputs % 4u;
    const int8_t *const end = input + n_inputs;
    const int8_t *next = input + (n_last != 0 ? n_last : 4u);
    int32_t sum = 0;

    for (;;) {
        for (uint32_t i = 0; i < 4u; ++i) {
            sum += input[i] * weights[i];
        }
        if (next == end) {
            return sum;
        }
        input = next;
        next += 4;
        weights += 8;
    }
}

void tg_pairs(const tg_pairs_t *layer, const tg_windows_t *windows, int8_t *output) {
    const uint32_t weight_bytes = (layer->n_inputs + 3u) / 4u * 8u;
    const uint32_t n_pairs = (layer->n_outputs + 1u) / 2u;
    const int8_t *pair = (const int8_t *)layer->pairs;

    for (uint32_t i = 0; i < n_pairs; ++i) {
        const int32_t *const bias = (const int32_t *)(const void *)pair;
        const tg_scale_t *const scales = (const tg_scale_t *)(const void *)(pair + 8u + weight_bytes);
        int8_t *const target = output + (i + 1u < n_pairs ? 2u * i : layer->n_outputs - 2u);
        for (uint32_t k = 0; k < 4u; ++k) {
            const uint32_t which = k / 2u;
            const uint32_t channel = k % 2u;
            const int8_t *const weights = pair + 8u + 4u * channel;
            const int32_t sum = bias[channel] + dot(windows->bytes[which], weights, layer->n_inputs);
            target[which * layer->n_outputs + channel] =
                tg_scaled(sum, &scales[channel], layer->output_zero_point);
        }
        pair += 24u + weight_bytes;
    }
}

#endif
