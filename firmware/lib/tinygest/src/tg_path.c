#include "tg_path.h"

void tg_path_init(tg_path_t *path, const tg_path_config_t *config,
                  const tg_path_memory_t *memory) {
    path->config = config;
    path->segmenter_state = memory->segmenter_state;
    tg_ring_init(&path->ring, memory->ring_rows, config->ring_capacity,
                 config->activity.n_channels);
    tg_activity_init(&path->activity, &config->activity, memory->motion);
    tg_path_skip(path, 0);
}

void tg_path_reset(tg_path_t *path) {
    path->ring.next_index = 0;
    tg_path_skip(path, 0);
}

void tg_path_skip(tg_path_t *path, uint32_t n_missing) {
    const tg_path_config_t *const config = path->config;

    tg_ring_skip(&path->ring, n_missing);
    tg_activity_reset(&path->activity);
    config->segmenter->reset(config->segmenter_config, path->segmenter_state,
                             path->ring.next_index);
}

bool tg_path_push(tg_path_t *path, const int16_t *sample, tg_segment_t *segment) {
    const tg_path_config_t *const config = path->config;

    tg_ring_push(&path->ring, sample);
    return config->segmenter->push(config->segmenter_config, path->segmenter_state,
                                   tg_activity_push(&path->activity, sample), segment);
}

bool tg_path_finish(tg_path_t *path, tg_segment_t *segment) {
    const tg_path_config_t *const config = path->config;
    const bool found =
        config->segmenter->finish(config->segmenter_config, path->segmenter_state, segment);

    tg_path_skip(path, 0);
    return found;
}
