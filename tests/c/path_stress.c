/* Random configurations and streams, extremes included, through path and decision; built with the
 * address and undefined-behaviour sanitizers. Exit status 1 and a sentence when a promise of the
 * headers is broken. */
#include <stdio.h>
#include <stdlib.h>

#include "tinygest.h"

#define N_CONFIGS 300
#define N_SAMPLES 3000

static uint32_t seed = 1;

/* Knuth's MMIX multiplier on 32 bits; the low bits are poor, so the high ones are used. */
static uint32_t below(uint32_t limit) {
    seed = seed * 1664525U + 1013904223U;
    return (uint32_t)(((uint64_t)seed * limit) >> 32);
}

static uint16_t between(uint32_t low, uint32_t high) {
    return (uint16_t)(low + below(high - low + 1));
}

static void require(bool holds, const char *what) {
    if (!holds) {
        printf("broken: %s (random state %u)\n", what, (unsigned)seed);
        exit(1);
    }
}

/* Each segmenter with its memory, drawn anew for each configuration. */
typedef struct {
    tg_hysteresis_config_t hysteresis_config;
    tg_adaptive_config_t adaptive_config;
    tg_peak_config_t peak_config;
    tg_trigger_config_t trigger_config;
    tg_sliding_config_t sliding_config;
    tg_hysteresis_t hysteresis;
    tg_adaptive_t adaptive;
    tg_peak_t peak;
    tg_trigger_t trigger;
    tg_sliding_t sliding;
    uint16_t reach; /* samples that the ring must hold */
} segmenters_t;

static void draw_movement(tg_hysteresis_config_t *drawn) {
    drawn->stop_level = between(1, 30000);
    drawn->start_level = between(drawn->stop_level, below(2) ? 65535 : 30000);
    drawn->min_length = between(1, 50);
    drawn->pre = between(0, 50);
    drawn->post = between(0, 50);
    drawn->merge = between(0, 60);
    drawn->max_length = between((uint32_t)drawn->min_length + drawn->pre + drawn->post, 300);
}

static void draw_hysteresis(segmenters_t *all, tg_path_config_t *config, tg_path_memory_t *memory) {
    draw_movement(&all->hysteresis_config);
    all->reach = all->hysteresis_config.max_length;
    config->segmenter = &tg_hysteresis_kind;
    config->segmenter_config = &all->hysteresis_config;
    memory->segmenter_state = &all->hysteresis;
}

static void draw_adaptive(segmenters_t *all, tg_path_config_t *config, tg_path_memory_t *memory) {
    tg_adaptive_config_t *const drawn = &all->adaptive_config;

    draw_movement(&drawn->movement);
    drawn->stop_share = between(0, 65535);
    drawn->start_share = between(drawn->stop_share, 65535);
    drawn->decay_q16 = between(0, below(2) ? 300 : 65535);
    all->reach = drawn->movement.max_length;
    config->segmenter = &tg_adaptive_kind;
    config->segmenter_config = drawn;
    memory->segmenter_state = &all->adaptive;
}

static void draw_peak(segmenters_t *all, tg_path_config_t *config, tg_path_memory_t *memory) {
    tg_peak_config_t *const drawn = &all->peak_config;

    drawn->level = between(1, below(2) ? 3000 : 65535);
    drawn->level_share = between(0, below(2) ? 20000 : 65535);
    drawn->decay_q16 = between(0, below(2) ? 300 : 65535);
    drawn->rise_share = between(0, 65535);
    drawn->horizon = between(1, 200);
    drawn->length = between(1, 200);
    drawn->pre = between(0, drawn->length - 1U);
    all->reach = (uint16_t)(drawn->pre + drawn->horizon + 1U);
    all->reach = all->reach > drawn->length ? all->reach : drawn->length;
    config->segmenter = &tg_peak_kind;
    config->segmenter_config = drawn;
    memory->segmenter_state = &all->peak;
}

static void draw_trigger(segmenters_t *all, tg_path_config_t *config, tg_path_memory_t *memory) {
    tg_trigger_config_t *const drawn = &all->trigger_config;

    drawn->level = between(1, 65535);
    drawn->length = between(1, 200);
    drawn->pre = between(0, drawn->length - 1U);
    all->reach = drawn->length;
    config->segmenter = &tg_trigger_kind;
    config->segmenter_config = drawn;
    memory->segmenter_state = &all->trigger;
}

static void draw_sliding(segmenters_t *all, tg_path_config_t *config, tg_path_memory_t *memory) {
    tg_sliding_config_t *const drawn = &all->sliding_config;

    drawn->length = between(1, 200);
    drawn->hop = between(1, 200);
    all->reach = drawn->length;
    config->segmenter = &tg_sliding_kind;
    config->segmenter_config = drawn;
    memory->segmenter_state = &all->sliding;
}

static void (*const DRAW[])(segmenters_t *, tg_path_config_t *, tg_path_memory_t *) = {
    draw_hysteresis, draw_adaptive, draw_peak, draw_trigger, draw_sliding};

static void draw_activity(tg_activity_config_t *config) {
    config->n_channels = (uint8_t)between(3, TG_MAX_CHANNELS);
    for (uint8_t i = 0; i < TG_MAX_CHANNELS; ++i) {
        config->weights[i] = (uint8_t)(below(4) ? between(0, 255) : 255);
    }
    config->baseline_q14 = between(1, below(2) ? 300 : 16384);
    config->smooth_length = between(1, below(2) ? 10 : TG_MAX_SMOOTH);
}

/* What the stream holds at an index, so that ring copies can be checked without a second store. */
static int16_t value_at(uint32_t index, uint8_t channel, int32_t amplitude) {
    const uint32_t mixed = (index * 2654435761U) ^ ((uint32_t)channel * 40503U);
    const int32_t noise = (int32_t)((mixed * 2246822519U) >> 16) - 32768;
    return (int16_t)(amplitude == 0 ? 0 : noise / (32768 / amplitude));
}

static int32_t amplitude_at(uint32_t index) {
    static const int32_t amplitudes[] = {0, 1, 40, 400, 4000, 32768};
    return amplitudes[((index / 64U) * 2654435761U >> 16) % 6U];
}

static void check_segment(const tg_path_t *path, const tg_segment_t *segment, uint32_t restart) {
    static int16_t copy[TG_MAX_SEGMENT];
    const uint32_t next = path->ring.next_index;

    require(segment->length >= 1, "a segment is not empty");
    require(next - segment->start <= path->config->ring_capacity, "a segment lies in the ring");
    require(next - segment->start >= segment->length, "a segment does not end in the future");
    require(next - segment->start <= next - restart, "a segment does not cross a gap");
    for (uint8_t channel = 0; channel < path->ring.n_channels; ++channel) {
        tg_ring_copy_channel(&path->ring, segment, channel, copy);
        for (uint16_t i = 0; i < segment->length; ++i) {
            const uint32_t index = segment->start + i;
            require(copy[i] == value_at(index, channel, amplitude_at(index)), "ring copies");
        }
    }
}

static void check_event(tg_decision_t *decision, const tg_segment_t *segment) {
    int8_t logits[4];
    tg_event_t event = {0, 0, 0, 0};
    const tg_centre_config_t *const centre =
        (const tg_centre_config_t *)decision->config->decider_config;

    for (uint8_t i = 0; i < 4; ++i) {
        logits[i] = (int8_t)((int32_t)below(256) - 128);
    }
    if (tg_decision_push(decision, segment, logits, &event)) {
        require(event.label < 4, "a label is one of the model's");
        require(centre != NULL
                    ? event.label > 0 && event.length >= (centre->lengths[event.label] + 1) / 2
                          && event.length <= centre->lengths[event.label]
                    : event.start == segment->start && event.length == segment->length,
                "an event's span");
    }
}

/* Ends the stream and begins it anew. */
static void finish(tg_path_t *path, tg_decision_t *decision, uint32_t *restart) {
    tg_segment_t segment;
    tg_event_t event = {0, 0, 0, 0};

    if (tg_path_finish(path, &segment)) {
        check_segment(path, &segment, *restart);
        check_event(decision, &segment);
    }
    if (tg_decision_finish(decision, path->ring.next_index, &event)) {
        require(event.label > 0 && event.label < 4 && event.length > 0, "an event at the end");
    }
    require(!tg_path_finish(path, &segment), "nothing is told twice");
    *restart = path->ring.next_index;
}

static void stream(tg_path_t *path, tg_decision_t *decision) {
    tg_segment_t segment;
    int16_t sample[TG_MAX_CHANNELS];
    uint32_t restart = 0;

    for (uint32_t n = 0; n < N_SAMPLES; ++n) {
        if (below(400) == 0) {
            tg_path_skip(path, below(4) ? below(1000) : 0U - path->ring.next_index - below(500));
            tg_decision_reset(decision);
            restart = path->ring.next_index;
        }
        if (below(500) == 0) {
            finish(path, decision, &restart);
        }
        const uint32_t index = path->ring.next_index;
        for (uint8_t channel = 0; channel < path->ring.n_channels; ++channel) {
            sample[channel] = value_at(index, channel, amplitude_at(index));
        }
        if (tg_path_push(path, sample, &segment)) {
            check_segment(path, &segment, restart);
            check_event(decision, &segment);
        }
    }
}

static void draw_and_stream(uint32_t kind) {
    static const uint8_t class_to_label[4] = {1, 2, 0, 3};
    static const uint8_t thresholds[4] = {0, 10, 200, 30};
    const uint8_t agree_of = (uint8_t)between(1, TG_MAX_AGREE);
    const uint16_t lengths[4] = {0, between(1, 65535), between(1, 300), 1};
    const uint8_t smooth = (uint8_t)between(1, TG_MAX_CENTRE_SMOOTH);
    const tg_centre_config_t centre_config = {
        lengths, (int32_t)below(3000) - 1500, smooth, (uint8_t)between(1, 255)};
    const bool has_centre = below(2) == 0;
    const tg_decision_config_t decision_config = {
        4, class_to_label, thresholds, NULL, below(300), (uint8_t)between(1, agree_of), agree_of,
        has_centre ? &tg_centre_kind : NULL, has_centre ? &centre_config : NULL};
    int8_t recent[(TG_MAX_CENTRE_SMOOTH + 1) * 4];
    tg_centre_t centre;
    segmenters_t all;
    tg_path_config_t config;
    tg_path_memory_t memory;
    tg_path_t path;
    tg_decision_t decision;

    draw_activity(&config.activity);
    DRAW[kind](&all, &config, &memory);
    config.ring_capacity = all.reach;
    memory.ring_rows = malloc(sizeof(int16_t) * config.ring_capacity * config.activity.n_channels);
    memory.motion = malloc(sizeof(uint16_t) * config.activity.smooth_length);
    require(memory.ring_rows != NULL && memory.motion != NULL, "memory for the test");
    tg_path_init(&path, &config, &memory);
    tg_centre_init(&centre, recent);
    tg_decision_init(&decision, &decision_config, &centre);
    stream(&path, &decision);
    free(memory.ring_rows);
    free(memory.motion);
}

int main(void) {
    for (uint32_t i = 0; i < N_CONFIGS; ++i) {
        draw_and_stream(i % (sizeof DRAW / sizeof DRAW[0]));
    }
    puts("ok");
    return 0;
}
