/* Streams recordings through a generated classifier's own stages, one by one, and counts each apart.
 *
 * input.bin:  as for stream_harness.c.
 * output.bin: u32 numbers. For ring, activity and segmenter: sum and most of a sample, after the number of
 *             samples. Then the number of segments and, of each segment, sum and most of the extraction.
 *             With FEATURES: sums of the extraction without any feature, with each kind alone, and with the
 *             pairs alone. Then outputs of the resampler from 1.19 times the model's rate: number, sum,
 *             most.
 *
 * MODEL is the model's name, MODEL_HEADER its header, RATE_UHZ its rate. */
#include MODEL_HEADER

#include "board.h"
#include "tg_resampler.h"

#define FORMAT 0x31534754u /* "TGS1" */
#define JOIN_NAMES(name, suffix) tg_##name##suffix
#define NAMED(name, suffix) JOIN_NAMES(name, suffix)
#define MAX_SEGMENTS 200 /* each is extracted once a kind */
#define MAX_KINDS 32
#define N_RESAMPLED 500

enum { RECORDING = 1, SAMPLES = 2, GAP = 3 };

typedef struct {
    uint32_t sum;
    uint32_t most;
} spread_t;

static NAMED(MODEL, _t) model;
static tg_classifier_t *const classifier = &model.classifier;
static tg_segment_t segment;
static uint16_t activity;

static uint32_t n_samples, n_segments;
static spread_t ring_cost, activity_cost, segmenter_cost, extract_cost;

static void write_u32(uint32_t value)
{
    board_write(&value, sizeof value);
}

static void write_spread(const spread_t *spread)
{
    write_u32(spread->sum);
    write_u32(spread->most);
}

/* Instructions of the last board_call. */
static void add_cost(spread_t *spread)
{
    const uint32_t cost = board_cost().instructions;
    spread->sum += cost;
    spread->most = cost > spread->most ? cost : spread->most;
}

static int32_t push_ring(void *path, const void *sample, void *unused)
{
    (void)unused;
    tg_ring_push(&((tg_path_t *)path)->ring, sample);
    return 0;
}

static int32_t push_activity(void *path, const void *sample, void *unused)
{
    (void)unused;
    return tg_activity_push(&((tg_path_t *)path)->activity, sample);
}

static int32_t push_segmenter(void *path, const void *config, void *found)
{
    const tg_path_config_t *const parameters = config;
    return parameters->segmenter->push(parameters->segmenter_config, ((tg_path_t *)path)->segmenter_state,
                                       activity, found);
}

/* `config` in place of the model's own. */
static int32_t extract(void *unused, const void *config, void *found)
{
    (void)unused;
    classifier->config->extract(config, &classifier->path.ring, found, classifier->scratch, NULL,
                                classifier->input);
    return 0;
}

#ifdef FEATURES

static uint32_t points_sum, pairs_sum, kind_sums[MAX_KINDS];

static uint32_t cost_of(const tg_features_config_t *config)
{
    (void)board_call(extract, NULL, config, &segment);
    return board_cost().instructions;
}

static void measure_kinds(const tg_features_config_t *whole)
{
    tg_features_config_t part = *whole;

    part.n_kinds = 0;
    pairs_sum += cost_of(&part);
    part.n_pairs = 0;
    points_sum += cost_of(&part);
    part.n_kinds = 1;
    for (uint8_t i = 0; i < whole->n_kinds; ++i) {
        part.kinds = whole->kinds + i;
        kind_sums[i] += cost_of(&part);
    }
}

static void write_kinds(const tg_features_config_t *whole)
{
    write_u32(points_sum);
    for (uint8_t i = 0; i < whole->n_kinds; ++i) {
        write_u32(kind_sums[i]);
    }
    write_u32(pairs_sum);
}

#endif

static void push_row(const int16_t *sample)
{
    tg_path_t *const path = &classifier->path;

    (void)board_call(push_ring, path, sample, NULL);
    add_cost(&ring_cost);
    activity = (uint16_t)board_call(push_activity, path, sample, NULL);
    add_cost(&activity_cost);
    const bool found = board_call(push_segmenter, path, path->config, &segment) != 0;
    add_cost(&segmenter_cost);
    ++n_samples;
    if (found && n_segments < MAX_SEGMENTS) {
        (void)board_call(extract, NULL, classifier->config->extract_config, &segment);
        add_cost(&extract_cost);
#ifdef FEATURES
        measure_kinds(classifier->config->extract_config);
#endif
        ++n_segments;
    }
}

static void run_records(uint32_t n_channels)
{
    int16_t sample[TG_MAX_CHANNELS];
    uint32_t record[2];

    while (board_read(record, sizeof record)) {
        if (record[0] == RECORDING) {
            NAMED(MODEL, _reset)(&model);
        } else if (record[0] == GAP) {
            NAMED(MODEL, _skip)(&model, record[1]);
        } else {
            for (; record[1] > 0; --record[1]) {
                if (record[0] != SAMPLES || !board_read(sample, n_channels * sizeof sample[0])) {
                    board_fail("the input file is not a stream for this harness");
                }
                push_row(sample);
            }
        }
    }
}

static int32_t pull(void *resampler, const void *unused, void *out)
{
    (void)unused;
    return tg_resampler_pull(resampler, out);
}

static void measure_resampler(uint8_t n_channels)
{
    static tg_resampler_t resampler;
    int16_t sample[TG_MAX_CHANNELS];
    uint32_t n_pulled = 0;
    spread_t cost = {0, 0};

    (void)tg_resampler_init(&resampler, n_channels, RATE_UHZ / 100U * 119U, RATE_UHZ);
    for (uint32_t n = 0; n < N_RESAMPLED; ++n) {
        for (uint8_t c = 0; c < n_channels; ++c) {
            sample[c] = (int16_t)(n % 97U * (c + 100U));
        }
        (void)tg_resampler_push(&resampler, sample);
        while (board_call(pull, &resampler, NULL, sample) != 0) {
            add_cost(&cost);
            ++n_pulled;
        }
    }
    write_u32(n_pulled);
    write_spread(&cost);
}

int main(void)
{
    uint32_t header[3];

    board_open("input.bin", "output.bin");
    if (!board_read(header, sizeof header) || header[0] != FORMAT || header[2] > TG_MAX_CHANNELS) {
        board_fail("the input file is not a stream for this harness");
    }
    board_count_instructions();
    NAMED(MODEL, _init)(&model);
    run_records(header[2]);
    write_u32(n_samples);
    write_spread(&ring_cost);
    write_spread(&activity_cost);
    write_spread(&segmenter_cost);
    write_u32(n_segments);
    write_spread(&extract_cost);
#ifdef FEATURES
    write_kinds(classifier->config->extract_config);
#endif
    measure_resampler((uint8_t)header[2]);
    board_close();
    return 0;
}
