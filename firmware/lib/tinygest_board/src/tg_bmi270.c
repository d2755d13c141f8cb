/* BMI270: accelerometer and gyroscope of the Nano 33 BLE Sense Rev2. Registers: Bosch's data sheet. */
#include <stddef.h>

#include "tg_axes.h"
#include "tg_bytes.h"
#include "tg_imu.h"

#define DEVICE 0x68
#define CHIP_ID 0x00
#define IDENTITY 0x24
#define INT_STATUS_1 0x1D
#define FIFO_FULL 0x01
#define INTERNAL_STATUS 0x21
#define INITIALISED 0x01
#define FIFO_LENGTH 0x24
#define FIFO_DATA 0x26
#define ACC_CONF 0x40
#define ACC_RANGE 0x41
#define GYR_CONF 0x42
#define GYR_RANGE 0x43
#define FIFO_CONFIG_0 0x48
#define FIFO_CONFIG_1 0x49
#define INT_MAP_DATA 0x58
#define INIT_CTRL 0x59
#define INIT_ADDR 0x5B
#define INIT_DATA 0x5E
#define PWR_CONF 0x7C
#define PWR_CTRL 0x7D
#define CMD 0x7E

#define ACC_NORMAL_FILTER 0xA0 /* performance mode, normal bandwidth */
#define GYR_NORMAL_FILTER 0xE0 /* noise and filter performance, normal bandwidth */
#define ACC_16_G 0x03
#define GYR_2000_DPS 0x00
#define GYR_AND_ACC_ON 0x06
#define FIFO_GYR_AND_ACC 0xC0 /* no headers: 12 bytes a row, rotation first */
#define FIFO_FULL_ON_INT1 0x01 /* the pin itself stays off; Bosch's example maps what it polls, too */
#define FIFO_LENGTH_MASK 0x3FFF
#define CMD_FIFO_FLUSH 0xB0
#define CMD_SOFT_RESET 0xB6

#define RESET_US 2000U
#define POWER_SAVE_OFF_US 450U
#define INITIALISE_US 150000U
#define SETTLE_US 80000U /* until the gyroscope turns: its first rows are none */
#define BLOCK 128 /* bytes of Bosch's block in one write */
#define N_BLOCKS (TG_BMI270_CONFIG_BYTES / BLOCK)

enum { STEP_RESET, STEP_WAKE, STEP_PREPARE, STEP_LOAD, STEP_CHECK = STEP_LOAD + N_BLOCKS, STEP_DONE };

static const uint32_t rates_mhz[] = {50000, 100000, 200000, 400000, 800000, 0};
/* As Arduino's library turns the part on this board. */
static const tg_axes_t axes = {{1, 0, 2}, {-1, -1, 1}};

static bool is_there(const tg_bus_t *bus) {
    uint8_t identity = 0;

    return tg_bus_read(bus, DEVICE, CHIP_ID, &identity) && identity == IDENTITY;
}

/* The address of a block counts words, its low 4 bits apart. */
static bool load_block(const tg_imu_t *imu, uint16_t block) {
    const uint16_t word = (uint16_t)(block * (BLOCK / 2));
    const uint8_t address[2] = {(uint8_t)(word & 0x0FU), (uint8_t)(word >> 4)};
    const tg_bus_t *const bus = imu->bus;

    return bus->write(bus->context, DEVICE, INIT_ADDR, address, 2) &&
           bus->write(bus->context, DEVICE, INIT_DATA, imu->config_block + (size_t)block * BLOCK,
                      BLOCK);
}

static bool is_initialised(const tg_bus_t *bus) {
    uint8_t status = 0;

    return tg_bus_read(bus, DEVICE, INTERNAL_STATUS, &status) && (status & 0x0FU) == INITIALISED;
}

static bool finish_load(tg_imu_t *imu) {
    imu->wait_us = INITIALISE_US;
    return tg_bus_write(imu->bus, DEVICE, INIT_CTRL, 1);
}

static bool do_step(tg_imu_t *imu) {
    const tg_bus_t *const bus = imu->bus;

    switch (imu->step) {
    case STEP_RESET:
        imu->wait_us = RESET_US;
        return imu->config_block != NULL && tg_bus_write(bus, DEVICE, CMD, CMD_SOFT_RESET);
    case STEP_WAKE:
        imu->wait_us = POWER_SAVE_OFF_US;
        return is_there(bus) && tg_bus_write(bus, DEVICE, PWR_CONF, 0);
    case STEP_PREPARE:
        return tg_bus_write(bus, DEVICE, INIT_CTRL, 0);
    case STEP_CHECK:
        imu->wait_us = SETTLE_US;
        return is_initialised(bus) && tg_bus_write(bus, DEVICE, PWR_CTRL, GYR_AND_ACC_ON);
    case STEP_DONE:
        return tg_bus_write(bus, DEVICE, INT_MAP_DATA, FIFO_FULL_ON_INT1);
    default:
        return load_block(imu, (uint16_t)(imu->step - STEP_LOAD)) &&
               (imu->step + 1 < STEP_CHECK || finish_load(imu));
    }
}

static bool configure(tg_imu_t *imu, bool *failed) {
    const bool is_last = imu->step == STEP_DONE;

    *failed = !do_step(imu);
    ++imu->step;
    return is_last && !*failed;
}

static bool start(tg_imu_t *imu) {
    const uint8_t rate = (uint8_t)(imu->rate + 7U); /* 50 Hz is 7 */
    const tg_bus_t *const bus = imu->bus;

    return tg_bus_write(bus, DEVICE, ACC_CONF, (uint8_t)(ACC_NORMAL_FILTER | rate)) &&
           tg_bus_write(bus, DEVICE, ACC_RANGE, ACC_16_G) &&
           tg_bus_write(bus, DEVICE, GYR_CONF, (uint8_t)(GYR_NORMAL_FILTER | rate)) &&
           tg_bus_write(bus, DEVICE, GYR_RANGE, GYR_2000_DPS) &&
           tg_bus_write(bus, DEVICE, FIFO_CONFIG_0, 0) &&
           tg_bus_write(bus, DEVICE, FIFO_CONFIG_1, FIFO_GYR_AND_ACC) &&
           tg_bus_write(bus, DEVICE, CMD, CMD_FIFO_FLUSH);
}

static void take_row(const uint8_t *data, int16_t *row) {
    tg_scale_axes(data + 6, &axes, TG_SCALE_ONE, row);
    tg_scale_axes(data, &axes, TG_SCALE_ONE, row + 3);
}

/* A row that was read in part stays in the FIFO, so only whole rows are asked for. */
static bool read(tg_imu_t *imu, int16_t rows[][TG_N_AXES], tg_imu_batch_t *batch) {
    uint8_t data[TG_BUS_MAX];
    uint8_t length[2];
    uint8_t status = 0;
    const tg_bus_t *const bus = imu->bus;

    if (!tg_bus_read(bus, DEVICE, INT_STATUS_1, &status)) {
        return false;
    }
    imu->has_overflowed |= (status & FIFO_FULL) != 0;
    if (!bus->read(bus->context, DEVICE, FIFO_LENGTH, length, 2)) {
        return false;
    }
    const uint16_t level = (uint16_t)((tg_get_u16(length) & FIFO_LENGTH_MASK) / TG_ROW_BYTES);
    const uint8_t n_rows = level > TG_IMU_MAX_ROWS ? TG_IMU_MAX_ROWS : (uint8_t)level;
    if (n_rows > 0 && !bus->read(bus->context, DEVICE, FIFO_DATA, data,
                                 (uint8_t)(n_rows * TG_ROW_BYTES))) {
        return false;
    }
    for (; batch->n_rows < n_rows; ++batch->n_rows) {
        take_row(data + (size_t)batch->n_rows * TG_ROW_BYTES, rows[batch->n_rows]);
    }
    batch->n_left = (uint16_t)(level - n_rows);
    batch->overrun = imu->has_overflowed;
    imu->has_overflowed = false;
    return true;
}

const tg_imu_part_t tg_bmi270 = {TG_IMU_BMI270, configure, start, read, is_there, rates_mhz};
