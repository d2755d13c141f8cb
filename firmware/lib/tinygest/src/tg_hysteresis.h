/* Segments of movement between two levels of activity.
 *
 * A movement starts at the first sample whose activity is at least start_level and ends after its
 * last sample with at least stop_level, once more than `merge` samples in a row stay below it.
 * A movement shorter than min_length is dropped. Otherwise the segment is the movement, with up to
 * `pre` samples before it (not before the last reset nor the end of the segment before) and `post`
 * samples after it; it is told when its last sample has come and its end is known, that is
 * max(merge + 1, post) samples after the last active one. Activity during that wait is not looked at.
 * When max_length samples have come since the segment's start it is closed at once; if activity goes
 * on, the next segment starts with the next sample.
 * At the end of the stream an open segment is told with as many of its post samples as have come, unless
 * the movement is shorter than min_length. */
#ifndef TG_HYSTERESIS_H
#define TG_HYSTERESIS_H

#include "tg_segmenter.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint16_t start_level; /* activity, at least stop_level */
    uint16_t stop_level;  /* activity, at least 1 */
    uint16_t min_length;  /* samples of movement, without pre and post; at least 1 */
    uint16_t max_length;  /* samples of the segment; pre + min_length + post..TG_MAX_SEGMENT */
    uint16_t pre;         /* samples */
    uint16_t post;        /* samples */
    uint16_t merge;       /* samples */
} tg_hysteresis_config_t;

typedef struct {
    uint32_t next_index; /* of the next sample */
    uint32_t earliest;   /* where a segment may start */
    uint32_t start;      /* of the open segment */
    uint32_t onset;      /* of the movement in it */
    uint16_t quiet;      /* samples since the last active one */
    bool open;
} tg_hysteresis_t;

/* For kinds that find their levels themselves: the timing of a movement, whatever makes it start and
 * go on. `starts` implies `goes_on`. True: segment was written. */
void tg_hysteresis_reset(tg_hysteresis_t *self, uint32_t next_index);
bool tg_hysteresis_step(const tg_hysteresis_config_t *config, tg_hysteresis_t *self, bool starts,
                        bool goes_on, tg_segment_t *segment);
bool tg_hysteresis_finish(const tg_hysteresis_config_t *config, tg_hysteresis_t *self,
                          tg_segment_t *segment);

/* config is tg_hysteresis_config_t, state is tg_hysteresis_t. */
extern const tg_segmenter_kind_t tg_hysteresis_kind;

#ifdef __cplusplus
}
#endif

#endif
