/* The inner loop of convolution and dense layers. */
#ifndef TG_DOT_H
#define TG_DOT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sum of (input[i] + offset) * weights[i] for i < n. The generator proves that it fits. */
int32_t tg_dot(const int8_t *input, int32_t offset, const int8_t *weights, uint32_t n);

#ifdef __cplusplus
}
#endif

#endif
