/* CONCATENATION of int8 tensors that share scale and zero point: one call for each of them. */
#ifndef TG_CONCATENATE_H
#define TG_CONCATENATE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint32_t n_rows;  /* product of the axes before the joined one */
    uint32_t n_bytes; /* of this input in a row */
    uint32_t row;     /* bytes of all inputs in a row */
    uint32_t start;   /* of this input in a row */
} tg_concatenate_t;

/* input is [n_rows, n_bytes], output [n_rows, row]; of it only this input's part is written. */
void tg_concatenate(const tg_concatenate_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
