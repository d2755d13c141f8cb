/* LSM9DS1: accelerometer and gyroscope of the first Nano 33 BLE Sense. Registers: ST's data sheet. */
#include "tg_axes.h"
#include "tg_imu.h"

#define DEVICE 0x6B
#define WHO_AM_I 0x0F
#define IDENTITY 0x68
#define CTRL_REG1_G 0x10
#define OUT_X_G 0x18
#define CTRL_REG6_XL 0x20
#define CTRL_REG8 0x22
#define CTRL_REG9 0x23
#define OUT_X_XL 0x28
#define FIFO_CTRL 0x2E
#define FIFO_SRC 0x2F

#define GYRO_2000_DPS 0x18
#define ACCEL_16_G 0x08
#define RESET_AND_INCREMENT 0x05
#define UPDATE_WHOLE_AND_INCREMENT 0x44
#define FIFO_ON 0x02
#define FIFO_BYPASS 0x00
#define FIFO_CONTINUOUS 0xC0
#define FIFO_OVERRUN 0x40
#define FIFO_LEVEL 0x3F

#define RESET_US 10000U

static const uint32_t rates_mhz[] = {59500, 119000, 238000, 476000, 952000, 0};
static const tg_axes_t axes = {{0, 1, 2}, {1, 1, 1}};

static bool is_there(const tg_bus_t *bus) {
    uint8_t identity = 0;

    return tg_bus_read(bus, DEVICE, WHO_AM_I, &identity) && identity == IDENTITY;
}

static bool configure(tg_imu_t *imu, bool *failed) {
    if (imu->step == 0) {
        *failed = !tg_bus_write(imu->bus, DEVICE, CTRL_REG8, RESET_AND_INCREMENT);
        imu->step = 1;
        imu->wait_us = RESET_US;
        return false;
    }
    *failed = !is_there(imu->bus) ||
              !tg_bus_write(imu->bus, DEVICE, CTRL_REG8, UPDATE_WHOLE_AND_INCREMENT) ||
              !tg_bus_write(imu->bus, DEVICE, CTRL_REG9, FIFO_ON);
    return !*failed;
}

/* Gyroscope and accelerometer at the same rate share the FIFO's slots. */
static bool start(tg_imu_t *imu) {
    const uint8_t rate = (uint8_t)((imu->rate + 2U) << 5); /* 59.5 Hz is 2 */
    const tg_bus_t *const bus = imu->bus;

    return tg_bus_write(bus, DEVICE, FIFO_CTRL, FIFO_BYPASS) &&
           tg_bus_write(bus, DEVICE, CTRL_REG1_G, (uint8_t)(rate | GYRO_2000_DPS)) &&
           tg_bus_write(bus, DEVICE, CTRL_REG6_XL, (uint8_t)(rate | ACCEL_16_G)) &&
           tg_bus_write(bus, DEVICE, FIFO_CTRL, FIFO_CONTINUOUS);
}

/* A slot is left behind when both its halves were read. */
static bool read_slot(const tg_bus_t *bus, int16_t *row) {
    uint8_t rotation[6];
    uint8_t acceleration[6];

    if (!bus->read(bus->context, DEVICE, OUT_X_G, rotation, sizeof rotation) ||
        !bus->read(bus->context, DEVICE, OUT_X_XL, acceleration, sizeof acceleration)) {
        return false;
    }
    tg_scale_axes(acceleration, &axes, TG_SCALE_LSM9DS1_ACCELERATION, row);
    tg_scale_axes(rotation, &axes, TG_SCALE_LSM9DS1_ROTATION, row + 3);
    return true;
}

/* Rows that were read have left the FIFO, so a bus that fails in between does not take them along. */
static bool read(tg_imu_t *imu, int16_t rows[][TG_N_AXES], tg_imu_batch_t *batch) {
    uint8_t source = 0;

    if (!tg_bus_read(imu->bus, DEVICE, FIFO_SRC, &source)) {
        return false;
    }
    const uint8_t level = source & FIFO_LEVEL;
    const uint8_t n_rows = level > TG_IMU_MAX_ROWS ? TG_IMU_MAX_ROWS : level;
    batch->overrun = (source & FIFO_OVERRUN) != 0;
    while (batch->n_rows < n_rows && read_slot(imu->bus, rows[batch->n_rows])) {
        ++batch->n_rows;
    }
    batch->n_left = (uint16_t)(level - batch->n_rows);
    return batch->n_rows > 0 || level == 0;
}

const tg_imu_part_t tg_lsm9ds1 = {TG_IMU_LSM9DS1, configure, start, read, is_there, rates_mhz};
