/* PAD and PADV2 on int8: a frame of one value around a tensor of up to four axes. */
#ifndef TG_PAD_H
#define TG_PAD_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint32_t input_sizes[4]; /* outermost axis first */
    uint32_t output_sizes[4];
    uint32_t before[4]; /* padding in front of each axis */
    int8_t value;
} tg_pad_t;

void tg_pad(const tg_pad_t *layer, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
