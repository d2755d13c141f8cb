/* LOGISTIC, TANH, RELU and every other operator of one int8 variable: 256 answers, computed when the
 * network was generated. */
#ifndef TG_LOOKUP_H
#define TG_LOOKUP_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint32_t n;
    const int8_t *table; /* [256]: for inputs -128, -127, ..., 127 */
} tg_lookup_t;

/* input and output are (n) and may be the same memory. */
void tg_lookup(const tg_lookup_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
