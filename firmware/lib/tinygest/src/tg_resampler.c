#include "tg_resampler.h"

#include <stddef.h>

#include "tg_math.h"

#define PLACE_BITS 22 /* fraction of a place in the kernel */
#define PLACE_ONE (UINT32_C(1) << PLACE_BITS)
#define PLACE_END ((uint32_t)(TG_RESAMPLER_REACH * TG_RESAMPLER_PHASES) << PLACE_BITS) /* 2^31 */

/* Magnitudes of weights add up to less than 2^19 at any ratio, so sums stay below 2^34; the weights
 * themselves add up to between 2^15 and 2^18. */
typedef struct {
    int64_t channels[TG_MAX_CHANNELS];
    int32_t weight;
} tg_sums_t;

static bool is_possible(uint32_t in_rate, uint32_t out_rate) {
    return in_rate != 0 && out_rate != 0 && in_rate / TG_RESAMPLER_MAX_RATIO <= out_rate &&
           out_rate / TG_RESAMPLER_MAX_RATIO <= in_rate;
}

tg_status_t tg_resampler_init(tg_resampler_t *resampler, uint8_t n_channels, uint32_t in_rate_uhz,
                              uint32_t out_rate_uhz) {
    resampler->n_channels = n_channels;
    resampler->out_rate = out_rate_uhz;
    tg_resampler_reset(resampler);
    return tg_resampler_set_rate(resampler, in_rate_uhz);
}

tg_status_t tg_resampler_set_rate(tg_resampler_t *resampler, uint32_t in_rate_uhz) {
    const uint32_t out_rate = resampler->out_rate;

    if (!is_possible(in_rate_uhz, out_rate)) {
        return TG_ERROR_ARGUMENT;
    }
    resampler->in_rate = in_rate_uhz;
    resampler->step = TG_RESAMPLER_PHASES * PLACE_ONE;
    if (in_rate_uhz > out_rate) {
        resampler->step = (uint32_t)((uint64_t)resampler->step * out_rate / in_rate_uhz);
    }
    return TG_OK;
}

/* As if a sample had come one period before the first output. */
void tg_resampler_reset(tg_resampler_t *resampler) {
    resampler->lead = resampler->out_rate;
    resampler->newest = 0;
    resampler->is_empty = true;
}

/* The next sample will be n_missing + 1 periods after the newest; outputs before it are lost. */
uint32_t tg_resampler_skip(tg_resampler_t *resampler, uint32_t n_missing) {
    const int64_t missing = (int64_t)n_missing * resampler->out_rate;
    const int64_t until_next = missing + resampler->out_rate - resampler->lead;
    int64_t n_lost = 0;

    if (until_next > 0) {
        n_lost = (until_next + resampler->in_rate - 1) / resampler->in_rate;
    }
    resampler->lead += n_lost * resampler->in_rate - missing;
    resampler->is_empty = true;
    return (uint32_t)n_lost;
}

static bool is_due(const tg_resampler_t *resampler) {
    const uint32_t faster = resampler->in_rate > resampler->out_rate ? resampler->in_rate : resampler->out_rate;

    return resampler->lead <= -(int64_t)TG_RESAMPLER_REACH * faster;
}

static void write_row(tg_resampler_t *resampler, uint8_t row, const int16_t *sample) {
    int16_t *const to = resampler->rows + row * resampler->n_channels;

    for (uint8_t c = 0; c < resampler->n_channels; ++c) {
        to[c] = sample[c];
    }
}

bool tg_resampler_push(tg_resampler_t *resampler, const int16_t *sample) {
    if (is_due(resampler)) {
        return false;
    }
    if (resampler->is_empty) {
        for (uint8_t row = 0; row < TG_RESAMPLER_ROWS; ++row) {
            write_row(resampler, row, sample);
        }
        resampler->is_empty = false;
    }
    resampler->newest = (uint8_t)((resampler->newest + 1) % TG_RESAMPLER_ROWS);
    write_row(resampler, resampler->newest, sample);
    resampler->lead -= resampler->out_rate;
    return true;
}

/* The kernel between its entries, by a straight line. Neighbouring entries differ by less than 2^10. */
static int32_t weight_at(uint32_t place) {
    const int16_t *const entry = tg_resampler_kernel + (place >> PLACE_BITS);
    const int32_t within = (int32_t)((place >> (PLACE_BITS - 15)) & 0x7FFFU);

    return entry[0] + (((entry[1] - entry[0]) * within + (1 << 14)) >> 15);
}

static void add_sample(const tg_resampler_t *resampler, uint32_t age, uint32_t place, tg_sums_t *sums) {
    const uint32_t row = (resampler->newest + TG_RESAMPLER_ROWS - age) % TG_RESAMPLER_ROWS;
    const int16_t *const sample = resampler->rows + row * resampler->n_channels;
    const int32_t weight = weight_at(place);

    for (uint8_t c = 0; c < resampler->n_channels; ++c) {
        sums->channels[c] += weight * sample[c];
    }
    sums->weight += weight;
}

/* Sum of weighted samples. The output's time lies `rest` (in 1 / out_rate of a period) before the
 * sample of this age: from there the kernel runs to newer samples, and from the next older one back. */
static void add_kernel(const tg_resampler_t *resampler, uint32_t age, uint32_t rest, tg_sums_t *sums) {
    const uint32_t step = resampler->step;
    const uint32_t first = (uint32_t)((uint64_t)rest * step / resampler->out_rate);
    uint32_t newer = age + 1U;

    for (uint32_t place = first; place < PLACE_END && newer > 0; place += step) {
        --newer;
        add_sample(resampler, newer, place, sums);
    }
    for (uint32_t place = step - first; place < PLACE_END; place += step) {
        ++age;
        add_sample(resampler, age, place, sums);
    }
}

/* Dividing by the weights' sum makes a constant come out exactly: with sums of weight * c the product
 * below is c * 2^40 less at most c * weight < 2^33, far from the next half. It stays below 2^57. */
static void write_mean(const tg_sums_t *sums, uint8_t n_channels, int16_t *out) {
    const int64_t reciprocal = (INT64_C(1) << 40) / sums->weight;

    for (uint8_t c = 0; c < n_channels; ++c) {
        const int64_t mean = tg_round_shift64(sums->channels[c] * reciprocal, 40);
        out[c] = tg_saturate_int16((int32_t)mean);
    }
}

bool tg_resampler_pull(tg_resampler_t *resampler, int16_t *out) {
    tg_sums_t sums = {{0}, 0};

    if (!is_due(resampler)) {
        return false;
    }
    const uint64_t behind = (uint64_t)-resampler->lead;
    add_kernel(resampler, (uint32_t)(behind / resampler->out_rate),
               (uint32_t)(behind % resampler->out_rate), &sums);
    write_mean(&sums, resampler->n_channels, out);
    resampler->lead += resampler->in_rate;
    return true;
}
