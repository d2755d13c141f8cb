/* One row of inputs times many rows of weights, four at a time: dense layers, and convolutions with a
 * long kernel. */
#ifndef TG_QUADS_H
#define TG_QUADS_H

#include "tg_scale.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Outputs in quads. A quad is four int32 biases, less the input's zero point times the sum of the weights;
 * then for each group of four inputs the four weights of each output; then, if per_channel, four
 * tg_scale_t. The first group are inputs 0 to 3, the second begins at n_first, the last ends with the last
 * input; where two groups overlap, one of the weights is 0. When n_outputs is no multiple of 4, the last
 * two quads overlap likewise. */
typedef struct {
    uint16_t n_inputs;  /* at least 4 */
    uint16_t n_outputs; /* at least 4 */
    uint8_t n_first;    /* inputs of the first group alone, 1..4 */
    int8_t output_zero_point;
    int8_t shift;       /* of all outputs, as in tg_scale_t; unused if per_channel */
    int32_t multiplier;
    const void *quads;
} tg_quads_t;

/* tg_run_quads: input is (n_inputs), at any address; output is (n_outputs). */

#if TG_DSP

/* What the assembly keeps in memory: it has no register left. */
typedef struct {
    const int8_t *input;
    const int8_t *second_group;
    const int8_t *input_end;
    uint32_t skipped_bytes; /* of the loop's code, on the way in */
    const int32_t *quads;
    int8_t *output;
    int8_t *output_end;
    int8_t *end;
    int32_t centre;
    int32_t multiplier;
    int32_t shift;
} tg_quads_work_t;

enum { TG_QUADS_LOAD_CODE_BYTES = 4, TG_QUADS_GROUP_CODE_BYTES = 80 };

/* Four inputs times the four weights of an output: accumulator += x0 w0 + x1 w1 + x2 w2 + x3 w3.
 * r6 = (x1, x3), r11 = (x0, x2), as pairs of int16. */
#define TG_QUADS_OUTPUT(weights, accumulator)                                                      \
    "sxtb16 r12, " #weights "\n\t"                                                                 \
    "sxtb16 " #weights ", " #weights ", ror #8\n\t"                                                \
    "smlad " #accumulator ", r11, r12, " #accumulator "\n\t"                                       \
    "smlad " #accumulator ", r6, " #weights ", " #accumulator "\n\t"

/* TG_QUADS_GROUP_CODE_BYTES of code, of which the first four load the next inputs. */
#define TG_QUADS_GROUP                                                                             \
    "ldr.w r6, [r0], #4\n\t"                                                                       \
    "ldmia.w r1!, {r7-r10}\n\t"                                                                    \
    "sxtb16 r11, r6\n\t"                                                                           \
    "sxtb16 r6, r6, ror #8\n\t"                                                                    \
    TG_QUADS_OUTPUT(r7, r2) TG_QUADS_OUTPUT(r8, r3) TG_QUADS_OUTPUT(r9, r4) TG_QUADS_OUTPUT(r10, r5)

/* r0: next inputs, r1: in the quads, r2-r5: accumulators, lr: end of the inputs. The loop is entered behind
 * its first or its second load. Where the last quad overlaps, `output_end` first lies before `end`. */
#define TG_QUADS(scale_outputs)                                                                    \
    "ldr r1, %[quads]\n\t"                                                                         \
    "ldr lr, %[input_end]\n"                                                                       \
    "1:\n\t"                                                                                       \
    "ldmia r1!, {r2-r5}\n\t"                                                                       \
    "ldr r0, %[input]\n\t"                                                                         \
    "ldr r6, [r0]\n\t"                                                                             \
    "ldr r0, %[second_group]\n\t"                                                                  \
    "ldr r7, %[skipped_bytes]\n\t"                                                                 \
    "add pc, r7\n"                                                                                 \
    "2:\n\t" TG_QUADS_GROUP TG_QUADS_GROUP                                                         \
    "cmp r0, lr\n\t"                                                                               \
    "bne 2b\n\t"                                                                                   \
    "ldr r0, %[centre]\n\t" scale_outputs                                                          \
    "ldr r0, %[output]\n\t"                                                                        \
    "strb r2, [r0, #0]\n\t"                                                                        \
    "strb r3, [r0, #1]\n\t"                                                                        \
    "strb r4, [r0, #2]\n\t"                                                                        \
    "strb r5, [r0, #3]\n\t"                                                                        \
    "adds r0, #4\n\t"                                                                              \
    "str r0, %[output]\n\t"                                                                        \
    "ldr r2, %[output_end]\n\t"                                                                    \
    "cmp r0, r2\n\t"                                                                               \
    "bne 1b\n\t"                                                                                   \
    "ldr r2, %[end]\n\t"                                                                           \
    "cmp r0, r2\n\t"                                                                               \
    "beq 3f\n\t"                                                                                   \
    "subs r0, r2, #4\n\t"                                                                          \
    "str r0, %[output]\n\t"                                                                        \
    "str r2, %[output_end]\n\t"                                                                    \
    "b 1b\n"                                                                                       \
    "3:\n\t"

#define TG_QUADS_SCALE_ALIKE                                                                       \
    "ldr r6, %[multiplier]\n\t"                                                                    \
    "ldr r7, %[shift]\n\t"                                                                         \
    TG_ASM_SCALE(r2, r6, r7, r0) TG_ASM_SCALE(r3, r6, r7, r0)                                      \
    TG_ASM_SCALE(r4, r6, r7, r0) TG_ASM_SCALE(r5, r6, r7, r0)

#define TG_QUADS_SCALE_EACH                                                                        \
    "ldmia.w r1!, {r6-r9}\n\t"                                                                     \
    TG_ASM_SCALE(r2, r6, r7, r0) TG_ASM_SCALE(r3, r8, r9, r0)                                      \
    "ldmia.w r1!, {r6-r9}\n\t"                                                                     \
    TG_ASM_SCALE(r4, r6, r7, r0) TG_ASM_SCALE(r5, r8, r9, r0)

#define TG_QUADS_RUN(assembly, work)                                                               \
    __asm__ volatile(assembly                                                                      \
                     : [output] "+m"((work).output), [output_end] "+m"((work).output_end)          \
                     : [input] "m"((work).input), [second_group] "m"((work).second_group),         \
                       [input_end] "m"((work).input_end), [centre] "m"((work).centre),             \
                       [skipped_bytes] "m"((work).skipped_bytes),                                  \
                       [quads] "m"((work).quads), [end] "m"((work).end),                           \
                       [multiplier] "m"((work).multiplier),                                        \
                       [shift] "m"((work).shift)                                                   \
                     : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10",          \
                       "r11", "r12", "lr", "cc", "memory")

static TG_INLINE void tg_run_quads(const tg_quads_t *layer, const int8_t *input,
                                                      int8_t *output, bool per_channel) {
    const uint32_t n_groups = (layer->n_inputs + 3u) / 4u;
    tg_quads_work_t work;
    work.input = input;
    work.second_group = input + layer->n_first;
    work.input_end = input + layer->n_inputs;
    work.skipped_bytes = TG_QUADS_LOAD_CODE_BYTES - TG_PC_AHEAD + n_groups % 2u * TG_QUADS_GROUP_CODE_BYTES;
    work.quads = (const int32_t *)layer->quads;
    work.output = output;
    work.end = output + layer->n_outputs;
    work.output_end = work.end - layer->n_outputs % 4u;
    work.centre = 2 * layer->output_zero_point + 1;
    work.multiplier = layer->multiplier;
    work.shift = layer->shift;

    if (per_channel) {
        TG_QUADS_RUN(TG_QUADS(TG_QUADS_SCALE_EACH), work);
    } else {
        TG_QUADS_RUN(TG_QUADS(TG_QUADS_SCALE_ALIKE), work);
    }
}

#else

/* Sum of inputs times the weights of one output, which are four of every sixteen. */
static inline int32_t tg_quads_dot(const tg_quads_t *layer, const int8_t *input, const int8_t *weights) {
    const int8_t *const end = input + layer->n_inputs;
    const int8_t *next = input + layer->n_first;
    int32_t sum = 0;

    for (;;) {
        sum += input[0] * weights[0] + input[1] * weights[1] + input[2] * weights[2] + input[3] * weights[3];
        if (next == end) {
            return sum;
        }
        input = next;
        next += 4;
        weights += 16;
    }
}

static inline void tg_run_quads(const tg_quads_t *layer, const int8_t *input, int8_t *output, bool per_channel) {
    const uint32_t weight_bytes = (layer->n_inputs + 3u) / 4u * 16u;
    const uint32_t quad_bytes = 16u + weight_bytes + (per_channel ? 32u : 0u);
    const uint32_t n_quads = (layer->n_outputs + 3u) / 4u;
    const int8_t *quad = (const int8_t *)layer->quads;

    for (uint32_t i = 0; i < n_quads; ++i) {
        const int32_t *const bias = (const int32_t *)(const void *)quad;
        const tg_scale_t *const scales = (const tg_scale_t *)(const void *)(quad + 16u + weight_bytes);
        int8_t *const target = output + (i + 1u < n_quads ? 4u * i : layer->n_outputs - 4u);
        for (uint32_t k = 0; k < 4u; ++k) {
            const int32_t sum = bias[k] + tg_quads_dot(layer, input, quad + 16u + 4u * k);
            const tg_scale_t scale = {layer->multiplier, layer->shift};
            target[k] = tg_scaled(sum, per_channel ? &scales[k] : &scale, layer->output_zero_point);
        }
        quad += quad_bytes;
    }
}

#endif

#ifdef __cplusplus
}
#endif

#endif
