/* Binary logarithm, exact to about one part in 2000 of an octave: features need no more. */
#ifndef TG_LOG2_H
#define TG_LOG2_H

#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_LOG2_STEPS 32 /* intervals of the table in one octave */

/* round(2^15 * log2(1 + i / TG_LOG2_STEPS)), made by tools/make_tables.py */
extern const uint16_t tg_log2_table[TG_LOG2_STEPS + 1];

/* log2(x) in Q10 within one unit, for x >= 1; 0 for 0. At most 64 << 10. */
int32_t tg_log2_q10(uint64_t x);

#ifdef __cplusplus
}
#endif

#endif
