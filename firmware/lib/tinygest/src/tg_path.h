/* Ring, activity and segmenter as one: a sample in, at most one segment out.
 *
 * A push costs the same at all times. A gap in the stream is told by tg_path_skip: nothing from
 * before it has any influence after it, so no segment crosses it and an open one is dropped. */
#ifndef TG_PATH_H
#define TG_PATH_H

#include "tg_activity.h"
#include "tg_ring.h"
#include "tg_segmenter.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint16_t ring_capacity; /* samples: the longest segment and how late it may be told */
    tg_activity_config_t activity;
    const tg_segmenter_kind_t *segmenter;
    const void *segmenter_config; /* of the segmenter's own type */
} tg_path_config_t;

/* The caller's memory; it must outlive the path. */
typedef struct {
    int16_t *ring_rows;    /* (ring_capacity, n_channels) */
    uint16_t *motion;      /* (smooth_length) */
    void *segmenter_state; /* of the segmenter's own type */
} tg_path_memory_t;

typedef struct {
    const tg_path_config_t *config;
    tg_ring_t ring;
    tg_activity_t activity;
    void *segmenter_state;
} tg_path_t;

void tg_path_init(tg_path_t *path, const tg_path_config_t *config, const tg_path_memory_t *memory);

/* As after init: the next sample has index 0. */
void tg_path_reset(tg_path_t *path);

/* n_missing samples were lost before the next one; 0 when time is broken by an unknown amount. */
void tg_path_skip(tg_path_t *path, uint32_t n_missing);

/* sample is (n_channels). True: segment was written, and all its samples are in the ring. */
bool tg_path_push(tg_path_t *path, const int16_t *sample, tg_segment_t *segment);

/* The stream ends here. True: segment was written, the open one, cut off where the stream ends; its
 * samples are in the ring until the next push. Then as after tg_path_skip(path, 0). */
bool tg_path_finish(tg_path_t *path, tg_segment_t *segment);

#ifdef __cplusplus
}
#endif

#endif
