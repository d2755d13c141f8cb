/* The last `length` samples every `hop` samples, from the sample on that completes the first window
 * after a reset. Activity is not looked at. */
#ifndef TG_SLIDING_H
#define TG_SLIDING_H

#include "tg_segmenter.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint16_t length; /* samples, 1..TG_MAX_SEGMENT */
    uint16_t hop;    /* samples from one window's start to the next one's, at least 1 */
} tg_sliding_config_t;

typedef struct {
    uint32_t next_index; /* of the next sample */
    uint16_t missing;    /* samples until the next window is complete */
} tg_sliding_t;

/* config is tg_sliding_config_t, state is tg_sliding_t. */
extern const tg_segmenter_kind_t tg_sliding_kind;

#ifdef __cplusplus
}
#endif

#endif
