#include "tg_stream.h"

void tg_stream_init(tg_stream_t *stream, const tg_sink_t *sink) {
    stream->sink = sink;
    stream->index = 0;
    stream->n_lost = 0;
    stream->n_overruns = 0;
    stream->n_left = 0;
    stream->is_raw = true;
    stream->has_time = false;
    tg_rate_init(&stream->rate, 0);
}

tg_status_t tg_stream_start(tg_stream_t *stream, uint32_t part_rate_mhz, uint16_t rate_hz, bool is_raw) {
    stream->index = 0;
    stream->n_left = 0;
    stream->is_raw = is_raw;
    stream->has_time = false;
    if (stream->rate.nominal_uhz != part_rate_mhz * 1000U) {
        tg_rate_init(&stream->rate, part_rate_mhz);
    }
    tg_rate_break(&stream->rate);
    if (is_raw) {
        return TG_OK;
    }
    return tg_resampler_init(&stream->resampler, TG_N_AXES, stream->rate.rate_uhz,
                             rate_hz * UINT32_C(1000000));
}

static void deliver(tg_stream_t *stream, const int16_t *row) {
    stream->sink->sample(stream->sink->context, row, stream->index);
    ++stream->index;
}

static void pull_all(tg_stream_t *stream) {
    int16_t out[TG_N_AXES];

    while (tg_resampler_pull(&stream->resampler, out)) {
        deliver(stream, out);
    }
}

static void push_row(tg_stream_t *stream, const int16_t *row) {
    if (stream->is_raw) {
        deliver(stream, row);
        return;
    }
    (void)tg_resampler_push(&stream->resampler, row); /* never refused: nothing is due */
    pull_all(stream);
}

/* The FIFO was full, so what it now holds is what the sensor made last: what is missing is what it made
 * since the last batch, less that. Nothing is known of it before the first batch. */
static uint32_t count_missing(const tg_stream_t *stream, const tg_imu_batch_t *batch, uint32_t now_us) {
    const uint32_t n_made = tg_rate_samples(&stream->rate, now_us - stream->last_us) + stream->n_left;
    const uint32_t n_there = (uint32_t)batch->n_rows + batch->n_left;

    if (!stream->has_time) {
        return 0;
    }
    return n_made > n_there ? n_made - n_there : 1;
}

static void take_overrun(tg_stream_t *stream, const tg_imu_batch_t *batch, uint32_t now_us) {
    uint32_t n_missing = count_missing(stream, batch, now_us);

    ++stream->n_overruns;
    tg_rate_break(&stream->rate);
    if (!stream->is_raw) {
        n_missing = tg_resampler_skip(&stream->resampler, n_missing);
    }
    stream->index += n_missing;
    stream->n_lost += n_missing;
    stream->sink->gap(stream->sink->context, n_missing);
}

void tg_stream_push(tg_stream_t *stream, int16_t rows[][TG_N_AXES], const tg_imu_batch_t *batch,
                    uint32_t now_us) {
    if (batch->overrun) {
        take_overrun(stream, batch, now_us);
    }
    for (uint8_t i = 0; i < batch->n_rows; ++i) {
        push_row(stream, rows[i]);
    }
    tg_rate_count(&stream->rate, batch->n_rows);
    if (batch->n_rows > 0 && batch->n_left == 0 && tg_rate_update(&stream->rate, now_us) &&
        !stream->is_raw) {
        (void)tg_resampler_set_rate(&stream->resampler, stream->rate.rate_uhz); /* plausible, so possible */
        pull_all(stream); /* a lower rate makes an output due earlier */
    }
    stream->n_left = batch->n_left;
    stream->last_us = now_us;
    stream->has_time = true;
}
