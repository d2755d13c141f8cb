/* The sensor's true rate, by the board's own clock. */
#ifndef TG_RATE_H
#define TG_RATE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Samples that came in, and when, at two moments in the past and now. Their quotient is as good as
 * the time between them is long compared with how late a sample is seen: after 10 s at 200 Hz 0.05 %. */
typedef struct {
    uint32_t nominal_uhz;
    uint32_t rate_uhz; /* best guess */
    uint32_t n_samples;
    uint32_t old_n, middle_n;
    uint32_t old_us, middle_us;
    bool has_begun;
} tg_rate_t;

/* Rates are at most 4294 Hz. */
void tg_rate_init(tg_rate_t *rate, uint32_t nominal_mhz);

/* n_new samples came in. */
void tg_rate_count(tg_rate_t *rate, uint16_t n_new);

/* At now_us all samples that the sensor had made were counted, the last of them just now. True:
 * rate_uhz has changed. */
bool tg_rate_update(tg_rate_t *rate, uint32_t now_us);

/* Samples were lost: measuring starts anew, rate_uhz stays. */
void tg_rate_break(tg_rate_t *rate);

/* How many samples the sensor makes in so long, to nearest. */
uint32_t tg_rate_samples(const tg_rate_t *rate, uint32_t duration_us);

#ifdef __cplusplus
}
#endif

#endif
