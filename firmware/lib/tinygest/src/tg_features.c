#include "tg_features.h"

#include <stddef.h>

/* Where the next feature goes. */
typedef struct {
    const tg_features_config_t *config;
    int32_t *raw;
    int8_t *input;
    uint16_t n_done;
} tg_sink_t;

static void emit(tg_sink_t *sink, const int32_t *values, uint8_t n) {
    for (uint8_t i = 0; i < n; ++i) {
        if (sink->raw != NULL) {
            sink->raw[sink->n_done] = values[i];
        }
        if (sink->input != NULL) {
            sink->input[sink->n_done] = tg_affine_quantise(&sink->config->affine[sink->n_done],
                                                           sink->config->zero_point, values[i]);
        }
        ++sink->n_done;
    }
}

static void emit_channel(tg_sink_t *sink, const int16_t *x, uint16_t n,
                         tg_features_scratch_t *scratch) {
    const tg_features_config_t *const config = sink->config;
    const tg_channel_t channel = {x, n, &scratch->stats, &scratch->spectrum};
    int32_t values[TG_MAX_FEATURE_OUTPUTS];

    tg_stats_compute(x, n, &scratch->stats);
    scratch->spectrum.is_known = false;
    for (uint8_t i = 0; i < config->n_kinds; ++i) {
        config->kinds[i]->compute(&channel, values);
        emit(sink, values, config->kinds[i]->n_outputs);
    }
}

/* A channel's samples are copied again only if the pair before did not need them. */
static void emit_pairs(tg_sink_t *sink, const tg_ring_t *ring, const tg_segment_t *segment,
                       const tg_features_scratch_t *scratch, int16_t *samples) {
    const tg_features_config_t *const config = sink->config;
    const tg_pair_t *held = NULL;
    int16_t *const a = samples;
    int16_t *const b = samples + segment->length;

    for (uint8_t i = 0; i < config->n_pairs; ++i) {
        const tg_pair_t *const pair = &config->pairs[i];
        if (held == NULL || held->a != pair->a) {
            tg_source_copy(&config->channels[pair->a], ring, segment, a);
        }
        if (held == NULL || held->b != pair->b) {
            tg_source_copy(&config->channels[pair->b], ring, segment, b);
        }
        held = pair;
        const int32_t correlation = tg_correlation_q15(a, &scratch->moments[pair->a], b,
                                                       &scratch->moments[pair->b], segment->length);
        emit(sink, &correlation, 1);
    }
}

void tg_features_extract(const void *config, const tg_ring_t *ring, const tg_segment_t *segment,
                         void *scratch, int32_t *raw, int8_t *input) {
    tg_features_scratch_t *const memory = (tg_features_scratch_t *)scratch;
    int16_t *const samples = (int16_t *)(memory + 1);
    tg_sink_t sink = {(const tg_features_config_t *)config, raw, input, 0};

    for (uint8_t c = 0; c < sink.config->n_channels; ++c) {
        tg_source_copy(&sink.config->channels[c], ring, segment, samples);
        emit_channel(&sink, samples, segment->length, memory);
        memory->moments[c].sum = memory->stats.whole.sum;
        memory->moments[c].spread = memory->stats.spread;
    }
    emit_pairs(&sink, ring, segment, memory, samples);
}
