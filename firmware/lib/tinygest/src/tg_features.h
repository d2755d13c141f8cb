/* Segment -> features. Every feature is defined in docs/features.md, with its Q format.
 *
 * Every channel of the segment is averaged onto TG_FEATURE_POINTS points first, and features look at
 * those: they cost the same for a segment of any length, and measure the same at any rate.
 *
 * A feature is one small function over one channel, named in a model's const table: what no table
 * names is not linked. Raw features come channel by channel, in the table's order, then the pairs. */
#ifndef TG_FEATURES_H
#define TG_FEATURES_H

#include "tg_box.h"
#include "tg_extract.h"
#include "tg_fft.h"
#include "tg_stats.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_MAX_FEATURE_OUTPUTS 8  /* of one kind for one channel */
#define TG_MAX_CHANNEL_OUTPUTS 32 /* of all kinds for one channel; every kind once fits */

/* Bins of a channel's spectrum, computed when the first feature asks. */
typedef struct {
    bool is_known;
    int32_t bins[TG_FFT_POINTS];
} tg_spectrum_t;

/* A channel's points by size, likewise. */
typedef struct {
    bool is_known;
    int16_t sorted[TG_FEATURE_POINTS];
} tg_order_t;

/* One channel of the segment, as a feature sees it. */
typedef struct {
    const int16_t *x; /* (TG_FEATURE_POINTS), counts */
    const tg_stats_t *stats;
    tg_spectrum_t *spectrum;
    tg_order_t *order;
} tg_channel_t;

typedef struct {
    void (*compute)(const tg_channel_t *channel, int32_t *out); /* out is (n_outputs) */
    uint8_t n_outputs;
} tg_feature_kind_t;

extern const tg_feature_kind_t tg_feature_mean;
extern const tg_feature_kind_t tg_feature_std;
extern const tg_feature_kind_t tg_feature_rms;
extern const tg_feature_kind_t tg_feature_min;
extern const tg_feature_kind_t tg_feature_max;
extern const tg_feature_kind_t tg_feature_range;
extern const tg_feature_kind_t tg_feature_argmax;
extern const tg_feature_kind_t tg_feature_argmin;
extern const tg_feature_kind_t tg_feature_log_jerk;
extern const tg_feature_kind_t tg_feature_crossings;
extern const tg_feature_kind_t tg_feature_bins8;
extern const tg_feature_kind_t tg_feature_log_std4;
extern const tg_feature_kind_t tg_feature_p25;
extern const tg_feature_kind_t tg_feature_median;
extern const tg_feature_kind_t tg_feature_p75;
extern const tg_feature_kind_t tg_feature_spectrum;
extern const tg_feature_kind_t tg_feature_centroid;

/* Two channels whose correlation is a feature: indices into the config's channels. */
typedef struct {
    uint8_t a;
    uint8_t b;
} tg_pair_t;

typedef struct {
    const tg_source_t *channels; /* (n_channels), at most TG_MAX_SOURCES */
    const tg_feature_kind_t *const *kinds; /* (n_kinds), no kind twice; computed for every channel */
    const tg_pair_t *pairs; /* (n_pairs) */
    const tg_affine_t *affine; /* (n_inputs); NULL if only raw features are wanted */
    uint8_t n_channels;
    uint8_t n_kinds;
    uint8_t n_pairs;
    int8_t zero_point;
} tg_features_config_t;

/* What correlation needs of a channel: sqrt(spread) is root * 2^(16 - halvings), root 0 for a constant. */
typedef struct {
    int32_t sum;
    uint16_t root;
    uint8_t halvings;
} tg_pair_moments_t;

/* The head of the scratch memory; the points of the ring's channels follow it. */
typedef struct {
    tg_stats_t stats;
    union { /* areas are points before anything looks at a spectrum */
        tg_spectrum_t spectrum;
        int32_t areas[TG_BOX_CHANNELS * TG_FEATURE_POINTS];
    } work;
    tg_order_t order;
    int32_t values[TG_MAX_CHANNEL_OUTPUTS];
    tg_pair_moments_t moments[TG_MAX_SOURCES];
    int16_t magnitudes[2][TG_FEATURE_POINTS]; /* of the two channels of a pair */
} tg_features_scratch_t;

/* Scratch memory for a ring of n_channels, aligned for uint64_t. */
#define TG_FEATURES_SCRATCH_BYTES(n_channels) \
    (sizeof(tg_features_scratch_t) + sizeof(int16_t) * TG_FEATURE_POINTS * (n_channels))

/* A tg_extract_fn; config is a tg_features_config_t. */
void tg_features_extract(const void *config, const tg_ring_t *ring, const tg_segment_t *segment,
                         void *scratch, int32_t *raw, int8_t *input);

/* What tg_correlation_q15 wants to know of a channel. */
tg_pair_moments_t tg_correlation_moments(const tg_stats_t *stats);

/* Correlation of a and b, (TG_FEATURE_POINTS) each, in Q15, within three units; 0 if one is constant. */
int32_t tg_correlation_q15(const int16_t *a, const tg_pair_moments_t *of_a, const int16_t *b,
                           const tg_pair_moments_t *of_b);

#ifdef __cplusplus
}
#endif

#endif
