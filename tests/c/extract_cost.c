/* Counts the instructions of extraction from six channels and two magnitudes, and of the resampler.
 * output.bin, u32 instructions each: the default features and the default window for every length of
 * LENGTHS; then on a segment of 100 samples features without any kind, each of KINDS alone, six pairs
 * alone; then the mean and the dearest output of the resampler from 238 to 100 Hz, and the dearest push
 * to it. input.bin is opened and not read. */
#include "board.h"
#include "tinygest.h"

#define N_CHANNELS 6
#define N_LENGTHS 5
#define N_SOURCES 8
#define N_KINDS 17
#define N_PAIRS 6
#define MAX_FEATURES 300
#define N_POINTS 64

static const uint16_t lengths[N_LENGTHS] = {20, 100, 300, 1000, TG_MAX_SEGMENT};
static const tg_source_t sources[N_SOURCES] = {{0, false}, {1, false}, {2, false}, {3, false},
                                               {4, false}, {5, false}, {0, true},  {3, true}};
/* The default ones first. */
static const tg_feature_kind_t *const kinds[N_KINDS] = {
    &tg_feature_mean,      &tg_feature_std,    &tg_feature_min,      &tg_feature_max,
    &tg_feature_log_jerk,  &tg_feature_argmax, &tg_feature_argmin,   &tg_feature_crossings,
    &tg_feature_bins8,     &tg_feature_log_std4, &tg_feature_rms,    &tg_feature_range,
    &tg_feature_p25,       &tg_feature_median, &tg_feature_p75,      &tg_feature_spectrum,
    &tg_feature_centroid};
#define N_DEFAULT_KINDS 10
static const tg_pair_t pairs[N_PAIRS] = {{0, 1}, {0, 2}, {1, 2}, {3, 4}, {3, 5}, {4, 5}};

static int16_t rows[TG_MAX_SEGMENT * N_CHANNELS];
static tg_affine_t affine[MAX_FEATURES];
static uint64_t scratch[TG_FEATURES_SCRATCH_BYTES(N_CHANNELS) / 8 + 1];
static uint64_t window_scratch[TG_WINDOW_SCRATCH_BYTES(N_POINTS) / 8 + 1];
static int8_t input[N_POINTS * N_CHANNELS];
static tg_ring_t ring;

static int32_t extract_features(void *unused, const void *config, void *segment) {
    (void)unused;
    tg_features_extract(config, &ring, (const tg_segment_t *)segment, scratch, NULL, input);
    return 0;
}

static int32_t extract_window(void *unused, const void *config, void *segment) {
    (void)unused;
    tg_window_extract(config, &ring, (const tg_segment_t *)segment, window_scratch, NULL, input);
    return 0;
}

static void tell(uint32_t value) {
    board_write(&value, sizeof value);
}

/* A swing with some noise on it. */
static void next_sample(uint32_t n, int16_t *sample) {
    static uint32_t seed = 1;

    for (uint8_t channel = 0; channel < N_CHANNELS; ++channel) {
        seed = seed * 1664525U + 1013904223U;
        const int32_t place = (int32_t)((n + 10U * channel) % 50U);
        sample[channel] = (int16_t)(place * (50 - place) * 8 + (int32_t)(seed >> 23) - 256);
    }
}

/* The newest samples of a ring that has wrapped. */
static void measure(int32_t (*extract)(void *, const void *, void *), const void *config,
                    uint16_t length) {
    tg_segment_t segment = {ring.next_index - length, length};

    (void)board_call(extract, NULL, config, &segment);
    tell(board_cost().instructions);
}

static void measure_features(const tg_feature_kind_t *const *of_kinds, uint8_t n_kinds,
                             uint8_t n_pairs, uint16_t length) {
    const tg_features_config_t config = {sources, of_kinds, pairs,   affine,
                                         N_SOURCES, n_kinds, n_pairs, 0};

    measure(extract_features, &config, length);
}

static void measure_lengths(void) {
    static tg_window_channel_t channels[N_CHANNELS];
    static const tg_window_config_t window = {channels, N_POINTS, N_CHANNELS, 0};

    for (uint8_t c = 0; c < N_CHANNELS; ++c) {
        channels[c].source.first = c;
        channels[c].triad = c < 3 ? TG_WINDOW_ABSOLUTE : 3;
        channels[c].affine = affine[0];
    }
    for (uint8_t i = 0; i < N_LENGTHS; ++i) {
        measure_features(kinds, N_DEFAULT_KINDS, N_PAIRS, lengths[i]);
        measure(extract_window, &window, lengths[i]);
    }
}

static void measure_kinds(void) {
    measure_features(kinds, 0, 0, 100);
    for (uint8_t i = 0; i < N_KINDS; ++i) {
        measure_features(kinds + i, 1, 0, 100);
    }
    measure_features(kinds, 0, N_PAIRS, 100);
}

static int32_t pull(void *resampler, const void *unused, void *out) {
    (void)unused;
    return tg_resampler_pull((tg_resampler_t *)resampler, (int16_t *)out);
}

static int32_t push(void *resampler, const void *sample, void *unused) {
    (void)unused;
    return tg_resampler_push((tg_resampler_t *)resampler, (const int16_t *)sample);
}

static uint32_t larger(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

static void measure_resampler(void) {
    static tg_resampler_t resampler;
    int16_t sample[N_CHANNELS];
    uint32_t in_sum = 0;
    uint32_t n_pulled = 0;
    uint32_t most = 0;
    uint32_t most_to_push = 0;

    (void)tg_resampler_init(&resampler, N_CHANNELS, 238000000U, 100000000U);
    for (uint32_t n = 0; n < 500; ++n) {
        next_sample(n, sample);
        (void)board_call(push, &resampler, sample, NULL);
        most_to_push = larger(most_to_push, n > 0 ? board_cost().instructions : 0);
        while (board_call(pull, &resampler, NULL, sample) != 0) {
            in_sum += board_cost().instructions;
            most = larger(most, board_cost().instructions);
            ++n_pulled;
        }
    }
    tell(in_sum / n_pulled);
    tell(most);
    tell(most_to_push);
}

int main(void) {
    int16_t sample[N_CHANNELS];

    board_open("input.bin", "output.bin");
    board_count_instructions();
    tg_ring_init(&ring, rows, TG_MAX_SEGMENT, N_CHANNELS);
    for (uint32_t n = 0; n < TG_MAX_SEGMENT + 50; ++n) {
        next_sample(n, sample);
        tg_ring_push(&ring, sample);
    }
    for (uint32_t i = 0; i < MAX_FEATURES; ++i) {
        affine[i] = (tg_affine_t){0, 1 << 30, 40};
    }
    measure_lengths();
    measure_kinds();
    measure_resampler();
    board_close();
    return 0;
}
