/* RESHAPE from the caller's input straight to the caller's output: the one case that moves bytes. */
#ifndef TG_COPY_H
#define TG_COPY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint32_t n_bytes;
} tg_copy_t;

/* input and output are (n_bytes) and may be the same memory. */
void tg_copy(const tg_copy_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
