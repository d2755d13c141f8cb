/* What Python sees of the C library: read by cffi, not by a C compiler. cffi compares every struct
 * with the real header when the extension is compiled, so the two cannot drift apart. */

/* tg_types.h */
#define TG_RUNTIME_VERSION ...
#define TG_MAX_CHANNELS ...
#define TG_MAX_SEGMENT ...

typedef struct {
    uint32_t start;
    uint16_t length;
} tg_segment_t;

typedef struct {
    uint8_t label;
    uint8_t score;
    uint32_t start;
    uint16_t length;
} tg_event_t;

/* tg_math.h */
uint16_t tg_isqrt32(uint32_t x);
uint32_t tg_isqrt64(uint64_t x);
int32_t tg_round_shift_capped(int64_t x, uint8_t shift, int32_t cap);
uint8_t tg_clz32(uint32_t x);
uint8_t tg_clz64(uint64_t x);
int8_t tg_saturate_int8(int32_t x);
int16_t tg_saturate_int16(int32_t x);
uint16_t tg_saturate_uint16(uint32_t x);
int32_t tg_saturate_int32(int64_t x);
int32_t tg_round_shift32(int32_t x, uint8_t shift);
int64_t tg_round_shift64(int64_t x, uint8_t shift);
int32_t tg_round_divide32(int32_t x, uint32_t divisor);

/* tg_ring.h */
typedef struct {
    int16_t *rows;
    uint16_t capacity;
    uint8_t n_channels;
    uint16_t head;
    uint32_t next_index;
} tg_ring_t;

void tg_ring_init(tg_ring_t *ring, int16_t *rows, uint16_t capacity, uint8_t n_channels);
void tg_ring_push(tg_ring_t *ring, const int16_t *sample);
void tg_ring_skip(tg_ring_t *ring, uint32_t n_missing);
void tg_ring_copy_channel(const tg_ring_t *ring, const tg_segment_t *segment, uint8_t channel,
                          int16_t *out);

/* tg_activity.h */
#define TG_MAX_SMOOTH ...

typedef struct {
    uint8_t n_channels;
    uint8_t weights[...];
    uint16_t baseline_q14;
    uint16_t smooth_length;
} tg_activity_config_t;

typedef struct {
    ...;
} tg_activity_t;

void tg_activity_init(tg_activity_t *activity, const tg_activity_config_t *config,
                      uint16_t *motion);

/* tg_segmenter.h, tg_hysteresis.h, tg_adaptive.h, tg_peak.h, tg_trigger.h, tg_sliding.h */
typedef struct {
    void (*reset)(const void *config, void *state, uint32_t next_index);
    bool (*push)(const void *config, void *state, uint16_t activity, tg_segment_t *segment);
    bool (*finish)(const void *config, void *state, tg_segment_t *segment);
} tg_segmenter_kind_t;

typedef struct {
    uint16_t start_level;
    uint16_t stop_level;
    uint16_t min_length;
    uint16_t max_length;
    uint16_t pre;
    uint16_t post;
    uint16_t merge;
} tg_hysteresis_config_t;

typedef struct {
    ...;
} tg_hysteresis_t;

extern const tg_segmenter_kind_t tg_hysteresis_kind;

typedef struct {
    tg_hysteresis_config_t movement;
    uint16_t start_share;
    uint16_t stop_share;
    uint16_t decay_q16;
} tg_adaptive_config_t;

typedef struct {
    ...;
} tg_adaptive_t;

extern const tg_segmenter_kind_t tg_adaptive_kind;

typedef struct {
    uint16_t level;
    uint16_t level_share;
    uint16_t decay_q16;
    uint16_t rise_share;
    uint16_t horizon;
    uint16_t length;
    uint16_t pre;
} tg_peak_config_t;

typedef struct {
    ...;
} tg_peak_t;

extern const tg_segmenter_kind_t tg_peak_kind;

typedef struct {
    uint16_t level;
    uint16_t length;
    uint16_t pre;
} tg_trigger_config_t;

typedef struct {
    ...;
} tg_trigger_t;

extern const tg_segmenter_kind_t tg_trigger_kind;

typedef struct {
    uint16_t length;
    uint16_t hop;
} tg_sliding_config_t;

typedef struct {
    ...;
} tg_sliding_t;

extern const tg_segmenter_kind_t tg_sliding_kind;

/* tg_path.h */
typedef struct {
    uint16_t ring_capacity;
    tg_activity_config_t activity;
    const tg_segmenter_kind_t *segmenter;
    const void *segmenter_config;
} tg_path_config_t;

typedef struct {
    int16_t *ring_rows;
    uint16_t *motion;
    void *segmenter_state;
} tg_path_memory_t;

typedef struct {
    ...;
} tg_path_t;

void tg_path_init(tg_path_t *path, const tg_path_config_t *config, const tg_path_memory_t *memory);
void tg_path_reset(tg_path_t *path);
void tg_path_skip(tg_path_t *path, uint32_t n_missing);
bool tg_path_push(tg_path_t *path, const int16_t *sample, tg_segment_t *segment);

/* tg_decision.h */
#define TG_MAX_AGREE ...

typedef struct tg_decision_config tg_decision_config_t;

typedef struct {
    void (*reset)(void *state);
    bool (*push)(const tg_decision_config_t *config, void *state, const tg_segment_t *segment,
                 const int8_t *logits, tg_event_t *event);
    bool (*finish)(const tg_decision_config_t *config, void *state, uint32_t next_index, tg_event_t *event);
} tg_decider_kind_t;

struct tg_decision_config {
    uint8_t n_classes;
    const uint8_t *class_to_label;
    const uint8_t *thresholds;
    const uint8_t *score_table;
    uint32_t refractory;
    uint8_t agree;
    uint8_t agree_of;
    const tg_decider_kind_t *decider;
    const void *decider_config;
};

typedef struct {
    uint8_t label;
    uint8_t score;
} tg_verdict_t;

typedef struct {
    ...;
} tg_decision_t;

void tg_decision_init(tg_decision_t *decision, const tg_decision_config_t *config, void *decider_state);
void tg_decision_reset(tg_decision_t *decision);
tg_verdict_t tg_decision_judge(const tg_decision_config_t *config, const int8_t *logits);
bool tg_decision_push(tg_decision_t *decision, const tg_segment_t *segment, const int8_t *logits,
                      tg_event_t *event);

/* tg_centre.h */
#define TG_MAX_CENTRE_SMOOTH ...

typedef struct {
    const uint16_t *lengths;
    int32_t offset;
    uint8_t smooth;
    uint8_t horizon;
} tg_centre_config_t;

typedef struct {
    ...;
} tg_centre_t;

void tg_centre_init(tg_centre_t *centre, int8_t *logits);
extern const tg_decider_kind_t tg_centre_kind;

/* tg_log2.h, tg_box.h, tg_fft.h */
#define TG_FFT_POINTS ...
#define TG_FFT_BINS ...

int32_t tg_log2_q10(uint64_t x);
#define TG_BOX_CHANNELS ...
void tg_box_areas(const tg_ring_t *ring, const tg_segment_t *segment, const uint8_t *channels,
                  uint16_t n_points, int32_t *areas);
void tg_fft_real32(int32_t *x);
uint64_t tg_fft_power(const int32_t *x, uint8_t k);

/* tg_extract.h */
#define TG_MAX_SOURCES ...

typedef void (*tg_extract_fn)(const void *config, const tg_ring_t *ring, const tg_segment_t *segment,
                              void *scratch, int32_t *raw, int8_t *input);

typedef struct {
    uint8_t first;
    bool is_magnitude;
} tg_source_t;

typedef struct {
    int32_t offset;
    uint32_t multiplier;
    uint8_t shift;
} tg_affine_t;

void tg_quantise(const tg_affine_t *affine, int8_t zero_point, const int32_t *raw, uint16_t n,
                 int8_t *input);
void tg_quantise_alike(const tg_affine_t *affine, int8_t zero_point, const int32_t *raw, uint16_t n,
                       int8_t *input, uint8_t step);

/* tg_features.h */
#define TG_MAX_FEATURE_OUTPUTS ...
#define TG_MAX_CHANNEL_OUTPUTS ...
#define TG_FEATURE_POINTS ...

typedef struct {
    uint8_t n_outputs;
    ...;
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

typedef struct {
    uint8_t a;
    uint8_t b;
} tg_pair_t;

typedef struct {
    const tg_source_t *channels;
    const tg_feature_kind_t *const *kinds;
    const tg_pair_t *pairs;
    const tg_affine_t *affine;
    uint8_t n_channels;
    uint8_t n_kinds;
    uint8_t n_pairs;
    int8_t zero_point;
} tg_features_config_t;

void tg_features_extract(const void *config, const tg_ring_t *ring, const tg_segment_t *segment,
                         void *scratch, int32_t *raw, int8_t *input);

/* tg_window.h */
#define TG_WINDOW_ABSOLUTE ...

typedef struct {
    tg_source_t source;
    uint8_t triad;
    tg_affine_t affine;
} tg_window_channel_t;

typedef struct {
    const tg_window_channel_t *channels;
    uint16_t n_points;
    uint8_t n_channels;
    int8_t zero_point;
} tg_window_config_t;

void tg_window_extract(const void *config, const tg_ring_t *ring, const tg_segment_t *segment,
                       void *scratch, int32_t *raw, int8_t *input);

/* tg_resampler.h */
#define TG_RESAMPLER_REACH ...
#define TG_RESAMPLER_PHASES ...
#define TG_RESAMPLER_MAX_RATIO ...

typedef struct {
    ...;
} tg_resampler_t;

int tg_resampler_init(tg_resampler_t *resampler, uint8_t n_channels, uint32_t in_rate_uhz,
                      uint32_t out_rate_uhz);
int tg_resampler_set_rate(tg_resampler_t *resampler, uint32_t in_rate_uhz);
void tg_resampler_reset(tg_resampler_t *resampler);
uint32_t tg_resampler_skip(tg_resampler_t *resampler, uint32_t n_missing);
bool tg_resampler_push(tg_resampler_t *resampler, const int16_t *sample);
bool tg_resampler_pull(tg_resampler_t *resampler, int16_t *out);

/* glue.h */
typedef struct {
    const int16_t *samples;
    uint32_t n_rows;
    const uint32_t *gaps;
    uint32_t n_gaps;
    uint32_t row;
    uint32_t gap;
} glue_stream_t;

typedef struct {
    uint32_t start;
    uint32_t length;
    uint32_t emitted_at;
} glue_segment_t;

typedef struct {
    uint32_t start;
    uint32_t length;
    uint32_t decided_at;
    uint32_t label;
    uint32_t score;
} glue_event_t;

void glue_activity(tg_activity_t *activity, glue_stream_t *stream, uint16_t *out);
uint32_t glue_segments_of(const tg_segmenter_kind_t *kind, const void *config, void *state,
                          const uint16_t *activity, uint32_t n_rows, const uint32_t *gaps,
                          const uint8_t *is_end, uint32_t n_gaps, glue_segment_t *out);
uint32_t glue_segments(tg_path_t *path, glue_stream_t *stream, glue_segment_t *out, uint32_t capacity);
uint32_t glue_finish(tg_path_t *path, glue_segment_t *out);
void glue_judge(const tg_decision_config_t *config, const int8_t *logits, uint32_t n_segments,
                tg_verdict_t *out);
uint32_t glue_decide(tg_decision_t *decision, const glue_segment_t *segments, uint32_t n_segments,
                     const int8_t *logits, const uint32_t *gaps, uint32_t n_gaps, uint32_t end,
                     glue_event_t *out);

/* glue_extract.h */
typedef struct {
    const int16_t *samples;
    uint8_t n_channels;
    const int64_t *spans;
    uint32_t n_spans;
} glue_cuts_t;

typedef struct {
    tg_extract_fn extract;
    const void *config;
    void *scratch;
    uint16_t n_inputs;
} glue_extractor_t;

size_t glue_features_scratch_bytes(uint8_t n_channels);
size_t glue_window_scratch_bytes(uint16_t n_points);
void glue_extract(const glue_extractor_t *extractor, const glue_cuts_t *cuts, int32_t *raw, int8_t *input);

/* glue_resample.h */
uint32_t glue_resample(tg_resampler_t *resampler, const int16_t *samples, uint32_t n_rows, int16_t *out,
                       uint32_t capacity);
