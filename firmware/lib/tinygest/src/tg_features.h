/* Segment -> features. Every feature is defined in docs/features.md, with its Q format.
 *
 * A feature is one small function over one channel, named in a model's const table: what no table
 * names is not linked. Raw features come channel by channel, in the table's order, then the pairs. */
#ifndef TG_FEATURES_H
#define TG_FEATURES_H

#include "tg_extract.h"
#include "tg_fft.h"
#include "tg_stats.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_MAX_FEATURE_OUTPUTS 8 /* of one kind for one channel */

/* Bins of a channel's spectrum, computed when the first feature asks. */
typedef struct {
    bool is_known;
    int32_t bins[TG_FFT_POINTS];
} tg_spectrum_t;

/* One channel of the segment, as a feature sees it. */
typedef struct {
    const int16_t *x; /* (length) */
    uint16_t length;
    const tg_stats_t *stats;
    tg_spectrum_t *spectrum;
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
    const tg_feature_kind_t *const *kinds; /* (n_kinds), computed for every channel */
    const tg_pair_t *pairs; /* (n_pairs) */
    const tg_affine_t *affine; /* (n_inputs); NULL if only raw features are wanted */
    uint8_t n_channels;
    uint8_t n_kinds;
    uint8_t n_pairs;
    int8_t zero_point;
} tg_features_config_t;

/* What correlation needs of a channel that is no longer at hand. */
typedef struct {
    int32_t sum;
    uint64_t spread;
} tg_moments_t;

/* The head of the scratch memory; the samples of two channels follow it. */
typedef struct {
    tg_moments_t moments[TG_MAX_SOURCES];
    tg_stats_t stats;
    tg_spectrum_t spectrum;
} tg_features_scratch_t;

/* Scratch memory for segments of up to max_length samples, aligned for uint64_t. */
#define TG_FEATURES_SCRATCH_BYTES(max_length) \
    (sizeof(tg_features_scratch_t) + 2U * sizeof(int16_t) * (max_length))

/* A tg_extract_fn; config is a tg_features_config_t. */
void tg_features_extract(const void *config, const tg_ring_t *ring, const tg_segment_t *segment,
                         void *scratch, int32_t *raw, int8_t *input);

/* Correlation of a (n) and b (n) in Q15, within one unit; 0 if either is constant. */
int32_t tg_correlation_q15(const int16_t *a, const tg_moments_t *of_a, const int16_t *b,
                           const tg_moments_t *of_b, uint16_t n);

#ifdef __cplusplus
}
#endif

#endif
