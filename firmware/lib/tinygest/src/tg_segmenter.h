/* What every segmenter is: activity in, at most one segment out, bounded time and memory. */
#ifndef TG_SEGMENTER_H
#define TG_SEGMENTER_H

#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One segmenter kind. `config` points to its parameters, `state` to its memory, both of the kind's own type. */
typedef struct {
    /* Forget everything; the next pushed sample has stream index `next_index`. */
    void (*reset)(const void *config, void *state, uint32_t next_index);
    /* Takes the activity of one sample. True: `segment` was written; it ends at or before this sample. */
    bool (*push)(const void *config, void *state, uint16_t activity, tg_segment_t *segment);
    /* No further sample comes. True: `segment` was written, what was open, as far as it was seen. What
     * follows is a reset. */
    bool (*finish)(const void *config, void *state, tg_segment_t *segment);
} tg_segmenter_kind_t;

#ifdef __cplusplus
}
#endif

#endif
