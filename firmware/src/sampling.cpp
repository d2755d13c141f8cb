#include "sampling.h"

#include <Arduino.h>

#include "tg_rest.h"
#include "wire_bus.h"

/* Bosch's block, out of the pinned library Arduino_BMI270_BMM150. */
extern "C" const uint8_t bmi270_config_file[];

namespace sampling {

namespace {

const uint8_t kBatchesPerTurn = 4; /* so that a full FIFO does not keep the radio waiting */

tg_imu_t the_imu;
tg_stream_t the_stream;
tg_rest_t rest;
Job the_job = {TG_MODE_IDLE, 0, false};
bool is_running = false;

void run_job() {
    const uint16_t rate_hz = the_job.rate_hz;
    is_running = tg_imu_start(&the_imu, rate_hz, !the_job.is_raw) &&
                 tg_stream_start(&the_stream, tg_imu_rate_mhz(&the_imu), rate_hz, the_job.is_raw) == TG_OK;
}

void read_batches() {
    int16_t rows[TG_IMU_MAX_ROWS][TG_N_AXES];
    tg_imu_batch_t batch;
    for (uint8_t i = 0; i < kBatchesPerTurn; ++i) {
        if (!tg_imu_read(&the_imu, rows, &batch)) {
            return;
        }
        tg_stream_push(&the_stream, rows, &batch, micros());
        if (batch.n_left == 0) {
            return;
        }
    }
}

} // namespace

void begin(const tg_sink_t *sink) {
    wire_bus::begin();
    tg_imu_init(&the_imu, &wire_bus::bus, bmi270_config_file);
    tg_stream_init(&the_stream, sink);
    tg_rest_init(&rest);
}

void poll() {
    if (the_imu.state != TG_IMU_READY) {
        tg_imu_step(&the_imu, micros());
    } else if (is_running) {
        read_batches();
    } else {
        run_job();
    }
}

void start(const Job &job) {
    the_job = job;
    is_running = false;
    the_stream.index = 0;
    poll();
}

bool has_failed() {
    return the_imu.state == TG_IMU_FAILED;
}

const tg_imu_t &imu() {
    return the_imu;
}

const tg_stream_t &stream() {
    return the_stream;
}

uint16_t rest_counts() {
    return rest.magnitude;
}

void note_rest(const int16_t *row) {
    tg_rest_push(&rest, row);
}

} // namespace sampling
