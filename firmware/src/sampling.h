/* The motion sensor and everything that its samples go through, up to whoever wants them. */
#ifndef SAMPLING_H
#define SAMPLING_H

#include "tg_frame.h"
#include "tg_imu.h"
#include "tg_stream.h"

namespace sampling {

struct Job {
    uint8_t mode;
    uint16_t rate_hz; /* not looked at when is_raw and recognising */
    bool is_raw;
};

/* sink gets every sample and gap. */
void begin(const tg_sink_t *sink);

/* Sets the sensor up, or reads what it has made. Short. */
void poll();

/* From the next sample on; waits for a sensor that is still being set up. */
void start(const Job &job);

bool has_failed();
const tg_imu_t &imu();
const tg_stream_t &stream();
uint16_t rest_counts();
void note_rest(const int16_t *row);

} // namespace sampling

#endif
