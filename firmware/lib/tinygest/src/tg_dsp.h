/* Whether the kernels use the DSP instructions of Cortex-M4, M7 and M33.
 *
 * Their inner loops are inline assembly: the same instructions from every GCC and at every level of
 * optimisation. They take all registers, so there is none left for the frame pointer of -O0 or the table of
 * -fpic, nor those that Clang keeps for itself. Without the instructions, in such builds, with TG_PORTABLE
 * (which -fno-omit-frame-pointer needs) or with TG_SINGLE_ROUNDING the same kernels are plain C, with the
 * same bits for the same rounding. */
#ifndef TG_DSP_H
#define TG_DSP_H

#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__) && defined(__GNUC__) && !defined(__clang__) \
    && defined(__OPTIMIZE__) && !defined(__PIC__) && !defined(TG_PORTABLE) && !defined(TG_SINGLE_ROUNDING)
#define TG_DSP 1
#else
#define TG_DSP 0
#endif

/* Functions whose arrays shall not lie on the stack below those that they call. */
#if defined(__GNUC__)
#define TG_NOINLINE __attribute__((noinline))
#else
#define TG_NOINLINE
#endif

/* Functions that are written once and wanted twice, each with other constants. */
#if defined(__GNUC__)
#define TG_INLINE inline __attribute__((always_inline))
#else
#define TG_INLINE inline
#endif

#if TG_DSP

#include <stdint.h>
#include <string.h>

/* `add pc, register`, two bytes long, adds to an address that lies this far behind the next instruction.
 * So the kernels enter their unrolled loops in the middle. */
#define TG_PC_AHEAD 2u

/* Four int8 from any address, as one word. */
static inline uint32_t tg_load4(const int8_t *at) {
    uint32_t word;
    memcpy(&word, at, sizeof word); /* one LDR */
    return word;
}

/* Bytes 0 and 2 of a word as two int16. */
static inline uint32_t tg_sxtb16(uint32_t bytes) {
    uint32_t pair;
    __asm__("sxtb16 %0, %1" : "=r"(pair) : "r"(bytes));
    return pair;
}

/* Bytes 1 and 3. */
static inline uint32_t tg_sxtb16_odd(uint32_t bytes) {
    uint32_t pair;
    __asm__("sxtb16 %0, %1, ror #8" : "=r"(pair) : "r"(bytes));
    return pair;
}

/* (a * b + 2^31) / 2^32 */
static inline int32_t tg_smmulr(int32_t a, int32_t b) {
    int32_t high;
    __asm__("smmulr %0, %1, %2" : "=r"(high) : "r"(a), "r"(b));
    return high;
}

/* Bytes 0 and 2 added to two int16. */
static inline uint32_t tg_sxtab16(uint32_t sums, uint32_t bytes) {
    uint32_t pair;
    __asm__("sxtab16 %0, %1, %2" : "=r"(pair) : "r"(sums), "r"(bytes));
    return pair;
}

/* Bytes 1 and 3. */
static inline uint32_t tg_sxtab16_odd(uint32_t sums, uint32_t bytes) {
    uint32_t pair;
    __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(pair) : "r"(sums), "r"(bytes));
    return pair;
}

#endif

#endif
