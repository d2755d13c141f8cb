/* The one function that a classifier needs from a network, whatever computes it. */
#ifndef TG_NETWORK_H
#define TG_NETWORK_H

#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One inference: input is (n_inputs) int8, output (n_outputs) int8.
 * arena is the caller's memory: as many bytes as the generated header says, aligned to 4, zeroed
 * before the first call, kept between calls. Input and output may lie inside the arena, at the
 * offsets that the header names, and nowhere else in it; an input there does not survive the call.
 * Returns TG_OK, or TG_ERROR_NETWORK when an interpreter could not start or run. */
typedef tg_status_t (*tg_network_fn)(const int8_t *input, int8_t *output, void *arena);

#ifdef __cplusplus
}
#endif

#endif
