#include "tg_imu.h"

#include <stddef.h>

#define MAX_TRIES 3
#define LOOK_EVERY_US 10000U

static const tg_imu_part_t *const parts[] = {&tg_bmi270, &tg_lsm9ds1};
#define N_PARTS (sizeof parts / sizeof parts[0])

bool tg_bus_write(const tg_bus_t *bus, uint8_t device, uint8_t reg, uint8_t value) {
    return bus->write(bus->context, device, reg, &value, 1);
}

bool tg_bus_read(const tg_bus_t *bus, uint8_t device, uint8_t reg, uint8_t *value) {
    return bus->read(bus->context, device, reg, value, 1);
}

void tg_imu_init(tg_imu_t *imu, const tg_bus_t *bus, const uint8_t *config_block) {
    imu->bus = bus;
    imu->part = NULL;
    imu->config_block = config_block;
    imu->since_us = 0;
    imu->wait_us = 0;
    imu->step = 0;
    imu->rate = 0;
    imu->n_tries = 0;
    imu->has_overflowed = false;
    imu->state = TG_IMU_LOOKING;
}

static void try_again(tg_imu_t *imu) {
    ++imu->n_tries;
    imu->step = 0;
    imu->wait_us = LOOK_EVERY_US;
    imu->state = imu->n_tries < MAX_TRIES ? TG_IMU_LOOKING : TG_IMU_FAILED;
}

static void look(tg_imu_t *imu) {
    for (size_t i = 0; i < N_PARTS; ++i) {
        if (parts[i]->is_there(imu->bus)) {
            imu->part = parts[i];
            imu->step = 0;
            imu->wait_us = 0;
            imu->state = TG_IMU_CONFIGURING;
            return;
        }
    }
    try_again(imu);
}

void tg_imu_step(tg_imu_t *imu, uint32_t now_us) {
    bool failed = false;

    if (imu->state >= TG_IMU_READY || now_us - imu->since_us < imu->wait_us) {
        return;
    }
    imu->since_us = now_us;
    imu->wait_us = 0;
    if (imu->state == TG_IMU_LOOKING) {
        look(imu);
    } else if (imu->part->configure(imu, &failed)) {
        imu->state = TG_IMU_READY;
    } else if (failed) {
        try_again(imu);
    }
}

static uint8_t choose_rate(const uint32_t *rates_mhz, uint32_t least_mhz) {
    uint8_t i = 0;

    while (rates_mhz[i] < least_mhz && rates_mhz[i + 1] != 0) {
        ++i;
    }
    return i;
}

bool tg_imu_start(tg_imu_t *imu, uint16_t rate_hz, bool oversampled) {
    const uint32_t rate_mhz = rate_hz * UINT32_C(1000);

    if (imu->state != TG_IMU_READY) {
        return false;
    }
    imu->has_overflowed = false;
    imu->rate = choose_rate(imu->part->rates_mhz, oversampled ? rate_mhz / 5 * 9 : rate_mhz);
    return imu->part->start(imu);
}

uint32_t tg_imu_rate_mhz(const tg_imu_t *imu) {
    return imu->part == NULL ? 0 : imu->part->rates_mhz[imu->rate];
}

bool tg_imu_read(tg_imu_t *imu, int16_t rows[TG_IMU_MAX_ROWS][TG_N_AXES], tg_imu_batch_t *batch) {
    batch->n_rows = 0;
    batch->n_left = 0;
    batch->overrun = false;
    return imu->state == TG_IMU_READY && imu->part->read(imu, rows, batch);
}
