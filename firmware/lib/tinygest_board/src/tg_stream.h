/* From what the sensor gives to samples of the project's rate with an index, gaps told apart. */
#ifndef TG_STREAM_H
#define TG_STREAM_H

#include "tg_imu.h"
#include "tg_rate.h"
#include "tg_resampler.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Who gets the samples. row is (TG_N_AXES); n_missing as in tg_path_skip. */
typedef struct {
    void *context;
    void (*sample)(void *context, const int16_t *row, uint32_t index);
    void (*gap)(void *context, uint32_t n_missing);
} tg_sink_t;

typedef struct {
    const tg_sink_t *sink;
    tg_rate_t rate;
    tg_resampler_t resampler;
    uint32_t last_us;    /* of the last batch */
    uint32_t index;      /* of the next sample */
    uint32_t n_lost;     /* since the board started, like the next */
    uint32_t n_overruns;
    uint16_t n_left;     /* rows that the last batch left in the FIFO */
    bool is_raw;
    bool has_time;       /* last_us means something */
} tg_stream_t;

void tg_stream_init(tg_stream_t *stream, const tg_sink_t *sink);

/* Index 0 again. The sensor's nominal rate; rate_hz is what comes out unless is_raw. What was measured
 * of the sensor's rate is kept as long as the nominal rate is the same. TG_ERROR_ARGUMENT when the
 * rates are too far apart. */
tg_status_t tg_stream_start(tg_stream_t *stream, uint32_t part_rate_mhz, uint16_t rate_hz, bool is_raw);

/* A batch as the sensor gave it, seen at now_us. */
void tg_stream_push(tg_stream_t *stream, int16_t rows[][TG_N_AXES], const tg_imu_batch_t *batch,
                    uint32_t now_us);

#ifdef __cplusplus
}
#endif

#endif
