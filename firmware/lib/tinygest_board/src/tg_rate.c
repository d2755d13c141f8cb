#include "tg_rate.h"

#define SHORTEST_US UINT32_C(1000000)  /* less says too little */
#define LONGEST_US UINT32_C(60000000)  /* temperature moves the rate */
#define PLAUSIBLE 8                    /* the true rate is within 1 / PLAUSIBLE of the nominal one */

void tg_rate_init(tg_rate_t *rate, uint32_t nominal_mhz) {
    rate->nominal_uhz = nominal_mhz * 1000U;
    rate->rate_uhz = rate->nominal_uhz;
    rate->n_samples = 0;
    tg_rate_break(rate);
}

void tg_rate_break(tg_rate_t *rate) {
    rate->has_begun = false;
}

static void begin(tg_rate_t *rate, uint32_t now_us) {
    rate->has_begun = true;
    rate->old_n = rate->middle_n = rate->n_samples;
    rate->old_us = rate->middle_us = now_us;
}

static void forget_the_oldest(tg_rate_t *rate, uint32_t now_us) {
    rate->old_n = rate->middle_n;
    rate->old_us = rate->middle_us;
    rate->middle_n = rate->n_samples;
    rate->middle_us = now_us;
}

static bool is_plausible(const tg_rate_t *rate, uint64_t measured_uhz) {
    const uint32_t slack = rate->nominal_uhz / PLAUSIBLE;

    return measured_uhz >= rate->nominal_uhz - slack && measured_uhz <= (uint64_t)rate->nominal_uhz + slack;
}

void tg_rate_count(tg_rate_t *rate, uint16_t n_new) {
    rate->n_samples += n_new;
}

bool tg_rate_update(tg_rate_t *rate, uint32_t now_us) {
    if (!rate->has_begun) {
        begin(rate, now_us);
        return false;
    }
    const uint32_t elapsed_us = now_us - rate->old_us;
    if (elapsed_us < SHORTEST_US) {
        return false;
    }
    const uint64_t n = rate->n_samples - rate->old_n;
    const uint64_t measured_uhz = n * UINT64_C(1000000000000) / elapsed_us;
    if (now_us - rate->middle_us > LONGEST_US / 2) {
        forget_the_oldest(rate, now_us);
    }
    if (!is_plausible(rate, measured_uhz)) {
        tg_rate_break(rate);
        return false;
    }
    const bool changed = measured_uhz != rate->rate_uhz;
    rate->rate_uhz = (uint32_t)measured_uhz;
    return changed;
}

uint32_t tg_rate_samples(const tg_rate_t *rate, uint32_t duration_us) {
    const uint64_t product = (uint64_t)duration_us * rate->rate_uhz; /* < 2^64 */

    return (uint32_t)((product + UINT64_C(500000000000)) / UINT64_C(1000000000000));
}
