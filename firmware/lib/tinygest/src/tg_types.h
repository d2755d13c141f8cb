/* Types that every part of the signal path shares. */
#ifndef TG_TYPES_H
#define TG_TYPES_H

#include <stdbool.h>
#include <stdint.h>

/* Bumped when generated code and runtime library must change together. */
#define TG_RUNTIME_VERSION 3

#define TG_MAX_CHANNELS 8
#define TG_MAX_SEGMENT 2048 /* samples; what accumulators over a segment are sized for */

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    TG_OK = 0,      /* the sample was taken; nothing to report */
    TG_EVENT = 1,   /* the sample completed an event, which was written */
    TG_ERROR_ARGUMENT = -1,
    TG_ERROR_NETWORK = -2 /* the interpreter of the tflm back end could not start or run */
} tg_status_t;

/* Samples [start, start + length), counted since the last reset; the count includes skipped
 * samples and wraps at 2^32 (497 days at 100 Hz). */
typedef struct {
    uint32_t start;
    uint16_t length;
} tg_segment_t;

/* What a model reports. */
typedef struct {
    uint8_t label;   /* index into the contract's labels; 0 is unknown */
    uint8_t score;   /* 0..255 */
    uint32_t start;  /* sample index */
    uint16_t length; /* samples */
} tg_event_t;

#ifdef __cplusplus
}
#endif

#endif
