/* Random segments, extremes included, through both kinds of input and the resampler; built with the
 * address and undefined-behaviour sanitizers. Scratch memory is from malloc, exactly as large as the
 * headers say, so that a byte too many is seen. Exit status 1 and a sentence on a broken promise. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tinygest.h"

#define N_SEGMENTS 400
#define N_STREAMS 60
#define N_CHANNELS 8
#define N_SOURCES TG_MAX_SOURCES
#define N_KINDS 17
#define MAX_POINTS 100

static const tg_feature_kind_t *const kinds[N_KINDS] = {
    &tg_feature_mean,   &tg_feature_std,         &tg_feature_rms,       &tg_feature_min,
    &tg_feature_max,    &tg_feature_range,       &tg_feature_argmax,    &tg_feature_argmin,
    &tg_feature_bins8,  &tg_feature_log_jerk,    &tg_feature_crossings, &tg_feature_log_std4,
    &tg_feature_p25,    &tg_feature_median,      &tg_feature_p75,       &tg_feature_spectrum,
    &tg_feature_centroid};
static const tg_source_t sources[N_SOURCES] = {
    {0, false}, {1, false}, {2, false}, {3, false}, {4, false},
    {5, false}, {6, false}, {7, false}, {0, true},  {5, true}};
static const tg_pair_t pairs[3] = {{0, 9}, {9, 9}, {3, 1}};
static const tg_affine_t extreme = {(1 << 30) - 1, INT32_MAX, 0};
static const tg_affine_t usual = {100, 1 << 30, 35};

static uint32_t seed = 1;

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

static void *allocate(size_t n_bytes) {
    void *const memory = malloc(n_bytes);

    require(memory != NULL, "malloc");
    memset(memory, 0xA5, n_bytes);
    return memory;
}

/* Noise, a constant, rails, or near silence; each channel the same kind. */
static int16_t draw_value(uint32_t shape) {
    switch (shape) {
        case 0:
            return (int16_t)(below(65536) - 32768);
        case 1:
            return INT16_MIN;
        case 2:
            return below(2) != 0 ? INT16_MAX : INT16_MIN;
        case 3:
            return INT16_MAX;
        default:
            return (int16_t)(below(50) == 0);
    }
}

/* A ring that has wrapped, and its newest samples as the segment. */
static void fill(tg_ring_t *ring, tg_segment_t *segment) {
    const uint32_t shape = below(5);
    const uint32_t n = ring->capacity + below(ring->capacity);
    int16_t sample[N_CHANNELS];

    for (uint32_t i = 0; i < n; ++i) {
        for (uint8_t c = 0; c < N_CHANNELS; ++c) {
            sample[c] = draw_value(shape);
        }
        tg_ring_push(ring, sample);
    }
    segment->start = ring->next_index - segment->length;
}

/* Once for raw values and input together, once for each alone: the same must come out. */
static void extract(tg_extract_fn function, const void *config, const tg_ring_t *ring,
                    const tg_segment_t *segment, size_t scratch_bytes, size_t n_inputs) {
    void *const scratch = allocate(scratch_bytes);
    int32_t *const raw = (int32_t *)allocate(2 * n_inputs * sizeof(int32_t));
    int8_t *const input = (int8_t *)allocate(2 * n_inputs);

    function(config, ring, segment, scratch, raw, input);
    memset(scratch, 0x5A, scratch_bytes);
    function(config, ring, segment, scratch, raw + n_inputs, NULL);
    function(config, ring, segment, scratch, NULL, input + n_inputs);
    require(memcmp(raw, raw + n_inputs, n_inputs * sizeof(int32_t)) == 0, "raw alone");
    require(memcmp(input, input + n_inputs, n_inputs) == 0, "input alone");
    free(input);
    free(raw);
    free(scratch);
}

static void extract_features(const tg_ring_t *ring, const tg_segment_t *segment) {
    static tg_affine_t affine[N_SOURCES * N_KINDS * TG_MAX_FEATURE_OUTPUTS];
    const tg_features_config_t config = {sources, kinds, pairs, affine, N_SOURCES, N_KINDS, 3, -128};
    size_t n_inputs = 3;

    for (uint8_t i = 0; i < N_KINDS; ++i) {
        n_inputs += (size_t)N_SOURCES * kinds[i]->n_outputs;
    }
    for (size_t i = 0; i < n_inputs; ++i) {
        affine[i] = below(2) != 0 ? usual : extreme;
    }
    extract(tg_features_extract, &config, ring, segment, TG_FEATURES_SCRATCH_BYTES(N_CHANNELS),
            n_inputs);
}

static void extract_window(const tg_ring_t *ring, const tg_segment_t *segment) {
    tg_window_channel_t channels[N_SOURCES];
    tg_window_config_t config = {channels, between(1, MAX_POINTS), N_SOURCES, 127};

    for (uint8_t i = 0; i < N_SOURCES; ++i) {
        channels[i].source = sources[i];
        channels[i].triad = below(2) != 0 ? TG_WINDOW_ABSOLUTE : (uint8_t)below(6);
        channels[i].affine = below(2) != 0 ? usual : extreme;
    }
    extract(tg_window_extract, &config, ring, segment,
            TG_WINDOW_SCRATCH_BYTES(config.n_points),
            (size_t)config.n_points * N_SOURCES);
}

static void stress_extraction(void) {
    const uint16_t length = below(4) == 0 ? TG_MAX_SEGMENT : between(1, 200);
    const uint16_t capacity = (uint16_t)(length + below(50));
    int16_t *const rows = (int16_t *)allocate((size_t)capacity * N_CHANNELS * sizeof(int16_t));
    tg_segment_t segment = {0, length};
    tg_ring_t ring;

    tg_ring_init(&ring, rows, capacity, N_CHANNELS);
    ring.next_index = below(2) * (UINT32_MAX - 1000U); /* indices may wrap */
    fill(&ring, &segment);
    extract_features(&ring, &segment);
    extract_window(&ring, &segment);
    free(rows);
}

/* Any rates, changed at any time, gaps of any length. */
static void stress_resampler(void) {
    const uint32_t out_rate = 1U + below(UINT32_MAX / 4U - 1U);
    const uint32_t shape = below(5);
    tg_resampler_t resampler;
    int16_t sample[N_CHANNELS];
    int16_t out[N_CHANNELS];

    require(tg_resampler_init(&resampler, N_CHANNELS, out_rate, out_rate) == TG_OK, "equal rates");
    require(tg_resampler_set_rate(&resampler, 0) == TG_ERROR_ARGUMENT, "rate 0");
    for (uint32_t i = 0; i < 600; ++i) {
        if (below(20) == 0) {
            (void)tg_resampler_set_rate(&resampler, out_rate / 4U + below(out_rate * 4U - out_rate / 4U));
        }
        if (below(50) == 0) {
            (void)tg_resampler_skip(&resampler, below(2) * below(UINT32_C(1) << 31));
        }
        while (tg_resampler_pull(&resampler, out)) {
        }
        for (uint8_t c = 0; c < N_CHANNELS; ++c) {
            sample[c] = draw_value(shape);
        }
        require(tg_resampler_push(&resampler, sample), "a sample is taken once nothing waits");
    }
}

int main(void) {
    for (int i = 0; i < N_SEGMENTS; ++i) {
        stress_extraction();
    }
    for (int i = 0; i < N_STREAMS; ++i) {
        stress_resampler();
    }
    puts("ok");
    return 0;
}
