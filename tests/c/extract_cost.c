/* Counts the instructions of the default inputs of six channels on a segment of 100 samples, and of one
 * output of the resampler. output.bin: u32 instructions of the features, of the window, and of the
 * dearest output from 238 to 100 Hz. input.bin is opened and not read. */
#include "board.h"
#include "tinygest.h"

#define N_CHANNELS 6
#define LENGTH 100
#define N_SOURCES 8
#define N_KINDS 11
#define N_FEATURES (N_SOURCES * 21 + 6)
#define N_POINTS 64

static const tg_source_t sources[N_SOURCES] = {{0, false}, {1, false}, {2, false}, {3, false},
                                               {4, false}, {5, false}, {0, true},  {3, true}};
static const tg_feature_kind_t *const kinds[N_KINDS] = {
    &tg_feature_mean,   &tg_feature_std,    &tg_feature_min,       &tg_feature_max,
    &tg_feature_argmax, &tg_feature_argmin, &tg_feature_log_jerk,  &tg_feature_crossings,
    &tg_feature_bins8,  &tg_feature_log_std4, &tg_feature_centroid};
static const tg_pair_t pairs[6] = {{0, 1}, {0, 2}, {1, 2}, {3, 4}, {3, 5}, {4, 5}};

static int16_t rows[LENGTH * N_CHANNELS];
static tg_affine_t affine[N_FEATURES];
static uint64_t scratch[TG_FEATURES_SCRATCH_BYTES(LENGTH) / 8 + 1];
static int8_t input[N_POINTS * N_CHANNELS];
static tg_ring_t ring;

static int32_t extract_features(void *unused, const void *config, void *segment) {
    (void)unused;
    tg_features_extract(config, &ring, (const tg_segment_t *)segment, scratch, NULL, input);
    return 0;
}

static int32_t extract_window(void *unused, const void *config, void *segment) {
    (void)unused;
    tg_window_extract(config, &ring, (const tg_segment_t *)segment, scratch, NULL, input);
    return 0;
}

static int32_t pull(void *resampler, const void *unused, void *out) {
    (void)unused;
    return tg_resampler_pull((tg_resampler_t *)resampler, (int16_t *)out);
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

static uint32_t dearest_pull(void) {
    static tg_resampler_t resampler;
    int16_t sample[N_CHANNELS];
    uint32_t most = 0;

    (void)tg_resampler_init(&resampler, N_CHANNELS, 238000000U, 100000000U);
    for (uint32_t n = 0; n < 500; ++n) {
        next_sample(n, sample);
        (void)tg_resampler_push(&resampler, sample);
        while (board_call(pull, &resampler, NULL, sample) != 0) {
            const uint32_t cost = board_cost().instructions;
            most = cost > most ? cost : most;
        }
    }
    return most;
}

int main(void) {
    static const tg_features_config_t features = {sources, kinds, pairs, affine,
                                                  N_SOURCES, N_KINDS, 6, 0};
    static tg_window_channel_t channels[N_CHANNELS];
    const tg_window_config_t window = {channels, N_POINTS, N_CHANNELS, 0};
    tg_segment_t segment = {0, LENGTH};
    uint32_t told[3];
    int16_t sample[N_CHANNELS];

    board_open("input.bin", "output.bin");
    board_count_instructions();
    tg_ring_init(&ring, rows, LENGTH, N_CHANNELS);
    for (uint32_t n = 0; n < LENGTH; ++n) {
        next_sample(n, sample);
        tg_ring_push(&ring, sample);
    }
    for (uint32_t i = 0; i < N_FEATURES; ++i) {
        affine[i] = (tg_affine_t){0, 1 << 30, 40};
    }
    for (uint8_t c = 0; c < N_CHANNELS; ++c) {
        channels[c].source.first = c;
        channels[c].triad = c < 3 ? TG_WINDOW_ABSOLUTE : 3;
        channels[c].affine = affine[0];
    }
    (void)board_call(extract_features, NULL, &features, &segment);
    told[0] = board_cost().instructions;
    (void)board_call(extract_window, NULL, &window, &segment);
    told[1] = board_cost().instructions;
    told[2] = dearest_pull();
    board_write(told, sizeof told);
    board_close();
    return 0;
}
