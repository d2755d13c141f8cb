#include "tg_features.h"

#include <stddef.h>

#include "tg_math.h"

/* What one extraction works on. */
typedef struct {
    const tg_features_config_t *config;
    tg_features_scratch_t *memory;
    int16_t *points; /* (ring channels, TG_FEATURE_POINTS) */
    int32_t *raw;    /* where the next features go, or NULL */
    int8_t *input;   /* likewise */
    const tg_affine_t *affine;
} tg_extraction_t;

/* The ring channels that the sources look at, each once; returns how many. */
static uint8_t find_channels(const tg_features_config_t *config, uint8_t channels[TG_MAX_CHANNELS]) {
    uint32_t wanted = 0;
    uint8_t n = 0;

    for (uint8_t i = 0; i < config->n_channels; ++i) {
        wanted |= (config->channels[i].is_magnitude ? 7U : 1U) << config->channels[i].first;
    }
    for (uint8_t channel = 0; channel < TG_MAX_CHANNELS; ++channel) {
        if ((wanted >> channel & 1U) != 0) {
            channels[n++] = channel;
        }
    }
    return n;
}

/* area / n to the nearest integer, halves up: an unsigned division, of sums that no int16 makes
 * negative and that stay below 2^28. */
static void round_points(const int32_t *areas, uint16_t n, int16_t *points) {
    const int32_t *const end = areas + TG_FEATURE_POINTS;
    const uint32_t bias = 32768U * n + n / 2U;

    do {
        *points = (int16_t)((int32_t)(((uint32_t)*areas + bias) / n) - 32768);
        ++areas;
        ++points;
    } while (areas != end);
}

/* Averages them, TG_BOX_CHANNELS at a time; the last one fills up its group. */
static void compute_points(const tg_extraction_t *self, const tg_ring_t *ring,
                           const tg_segment_t *segment) {
    int32_t *const areas = self->memory->work.areas;
    uint8_t channels[TG_MAX_CHANNELS + TG_BOX_CHANNELS - 1];
    const uint8_t n = find_channels(self->config, channels);

    channels[n] = channels[n + 1] = channels[n - 1];
    for (uint8_t i = 0; i < n; i = (uint8_t)(i + TG_BOX_CHANNELS)) {
        tg_box_areas(ring, segment, channels + i, TG_FEATURE_POINTS, areas);
        for (uint8_t j = 0; j < TG_BOX_CHANNELS; ++j) {
            round_points(areas + j * TG_FEATURE_POINTS, segment->length,
                         self->points + channels[i + j] * TG_FEATURE_POINTS);
        }
    }
}

/* Norms of three neighbouring channels' points, rounded down and saturated. Three squares of int16 sum
 * to 3 * 2^30 at most, which an uint32 holds. */
static void compute_norms(const int16_t *x, int16_t *norms) {
    const int16_t *const end = x + TG_FEATURE_POINTS;

    do {
        const int32_t y = x[TG_FEATURE_POINTS];
        const int32_t z = x[2 * TG_FEATURE_POINTS];
        const uint16_t norm =
            tg_isqrt32((uint32_t)(*x * *x) + (uint32_t)(y * y) + (uint32_t)(z * z));
        *norms = (int16_t)(norm < INT16_MAX ? norm : INT16_MAX);
        ++norms;
        ++x;
    } while (x != end);
}

/* The points of a source; a magnitude is computed into `memory`. */
static const int16_t *points_of(const tg_extraction_t *self, uint8_t c, int16_t *memory) {
    const tg_source_t *const source = &self->config->channels[c];
    const int16_t *const x = self->points + source->first * TG_FEATURE_POINTS;

    if (!source->is_magnitude) {
        return x;
    }
    compute_norms(x, memory);
    return memory;
}

/* The next n features, in memory->values. */
static void emit(tg_extraction_t *self, uint8_t n) {
    const int32_t *const values = self->memory->values;

    if (self->raw != NULL) {
        for (uint8_t i = 0; i < n; ++i) {
            self->raw[i] = values[i];
        }
        self->raw += n;
    }
    if (self->input != NULL) {
        tg_quantise(self->affine, self->config->zero_point, values, n, self->input);
        self->input += n;
        self->affine += n;
    }
}

static void emit_channel(tg_extraction_t *self, uint8_t c) {
    const tg_features_config_t *const config = self->config;
    tg_features_scratch_t *const memory = self->memory;
    const tg_channel_t channel = {points_of(self, c, memory->magnitudes[0]), &memory->stats,
                                  &memory->work.spectrum, &memory->order};
    uint8_t n = 0;

    tg_stats_compute(channel.x, &memory->stats);
    memory->work.spectrum.is_known = false;
    memory->order.is_known = false;
    for (uint8_t i = 0; i < config->n_kinds; ++i) {
        config->kinds[i]->compute(&channel, memory->values + n);
        n = (uint8_t)(n + config->kinds[i]->n_outputs);
    }
    emit(self, n);
    if (config->n_pairs > 0) {
        memory->moments[c] = tg_correlation_moments(&memory->stats);
    }
}

static void emit_pair(tg_extraction_t *self, const tg_pair_t *pair) {
    tg_features_scratch_t *const memory = self->memory;
    const int16_t *const a = points_of(self, pair->a, memory->magnitudes[0]);
    const int16_t *const b = points_of(self, pair->b, memory->magnitudes[1]);

    memory->values[0] =
        tg_correlation_q15(a, &memory->moments[pair->a], b, &memory->moments[pair->b]);
    emit(self, 1);
}

void tg_features_extract(const void *config, const tg_ring_t *ring, const tg_segment_t *segment,
                         void *scratch, int32_t *raw, int8_t *input) {
    const tg_features_config_t *const features = (const tg_features_config_t *)config;
    tg_features_scratch_t *const memory = (tg_features_scratch_t *)scratch;
    tg_extraction_t self = {features, memory, (int16_t *)(memory + 1), raw, input, features->affine};

    compute_points(&self, ring, segment);
    for (uint8_t c = 0; c < features->n_channels; ++c) {
        emit_channel(&self, c);
    }
    for (uint8_t i = 0; i < features->n_pairs; ++i) {
        emit_pair(&self, &features->pairs[i]);
    }
}
