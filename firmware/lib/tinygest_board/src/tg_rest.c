#include "tg_rest.h"

#include "tg_math.h"

#define N_SAMPLES 64
#define STILL_ACCELERATION 100 /* counts peak to peak: 0.05 g */
#define STILL_ROTATION 200     /* 12 degrees/s: noise and a moment's bias, no turning */

static void begin(tg_rest_t *rest) {
    for (uint8_t i = 0; i < TG_N_AXES; ++i) {
        rest->least[i] = INT16_MAX;
        rest->most[i] = INT16_MIN;
    }
    rest->sums[0] = rest->sums[1] = rest->sums[2] = 0;
    rest->n_samples = 0;
}

void tg_rest_init(tg_rest_t *rest) {
    rest->magnitude = 0;
    begin(rest);
}

static bool was_still(const tg_rest_t *rest) {
    for (uint8_t i = 0; i < TG_N_AXES; ++i) {
        if (rest->most[i] - rest->least[i] > (i < 3 ? STILL_ACCELERATION : STILL_ROTATION)) {
            return false;
        }
    }
    return true;
}

static uint16_t magnitude_of(const int32_t *sums) {
    uint64_t squares = 0;

    for (uint8_t i = 0; i < 3; ++i) {
        const uint64_t mean = tg_abs32(sums[i] / N_SAMPLES);
        squares += mean * mean;
    }
    return tg_saturate_uint16(tg_isqrt64(squares));
}

void tg_rest_push(tg_rest_t *rest, const int16_t *row) {
    for (uint8_t i = 0; i < TG_N_AXES; ++i) {
        rest->least[i] = row[i] < rest->least[i] ? row[i] : rest->least[i];
        rest->most[i] = row[i] > rest->most[i] ? row[i] : rest->most[i];
    }
    for (uint8_t i = 0; i < 3; ++i) {
        rest->sums[i] += row[i];
    }
    if (++rest->n_samples < N_SAMPLES) {
        return;
    }
    if (was_still(rest)) {
        rest->magnitude = magnitude_of(rest->sums);
    }
    begin(rest);
}
