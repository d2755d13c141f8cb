#include "tg_log2.h"

#include "tg_math.h"

/* x = (1 + f) * 2^k; the five bits after the leading one choose an interval of the table, the next
 * sixteen interpolate in it. Between its ends the straight line is at most log2(e) / (8 * 32^2) =
 * 0.18 units of Q10 too low. */
int32_t tg_log2_q10(uint64_t x) {
    if (x == 0) {
        return 0;
    }

    const uint32_t high = (uint32_t)(x >> 32);
    uint8_t zeros = tg_clz32(high);
    uint32_t mantissa; /* 1.f, leading one at bit 31 */
    if (high == 0) {
        zeros = (uint8_t)(32U + tg_clz32((uint32_t)x));
        mantissa = (uint32_t)x << (zeros - 32U);
    } else {
        mantissa = (uint32_t)(x >> (32U - zeros));
    }
    const uint32_t interval = (mantissa >> 26) & (TG_LOG2_STEPS - 1U);
    const uint32_t within = (mantissa >> 10) & 0xFFFFU;
    const uint32_t low = tg_log2_table[interval];
    const uint32_t rise = tg_log2_table[interval + 1U] - low; /* at most 1455, so times 2^16 < 2^27 */
    const uint32_t fraction_q15 = low + ((rise * within) >> 16);

    return (int32_t)(((63U - zeros) << 10) + ((fraction_q15 + 16U) >> 5));
}
