/* A fixed window around the sample where activity rises to a level.
 *
 * The trigger is a sample whose activity is at least `level` after one below it; the first sample
 * after a reset counts as coming after one below. The window starts `pre` samples before it, but
 * not before the last reset nor the end of the window before, has always `length` samples, and is
 * told when the last of them has come. Rises inside a window are ignored. */
#ifndef TG_TRIGGER_H
#define TG_TRIGGER_H

#include "tg_segmenter.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint16_t level;  /* activity, at least 1 */
    uint16_t length; /* samples, 1..TG_MAX_SEGMENT */
    uint16_t pre;    /* samples, less than length */
} tg_trigger_config_t;

typedef struct {
    uint32_t next_index; /* of the next sample */
    uint32_t earliest;   /* where a window may start */
    uint32_t start;      /* of the open window */
    bool below;          /* the last sample was below the level */
    bool open;
} tg_trigger_t;

/* config is tg_trigger_config_t, state is tg_trigger_t. */
extern const tg_segmenter_kind_t tg_trigger_kind;

#ifdef __cplusplus
}
#endif

#endif
