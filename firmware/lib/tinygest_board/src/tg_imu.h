/* The motion sensor, whichever it is: LSM9DS1 (Nano 33 BLE Sense) or BMI270 (Rev2).
 *
 * Rows are ax ay az gx gy gz in canonical counts (2048 per g, 16.384 per degree/s) and in the board's
 * frame: the axes as Arduino's own libraries report them for each part. Nothing here waits: start-up
 * is a row of short steps. */
#ifndef TG_IMU_H
#define TG_IMU_H

#include <stdbool.h>

#include "tg_protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Registers of devices on an I2C bus. False: the device did not answer. n at most TG_BUS_MAX. */
#define TG_BUS_MAX 252 /* of the 256 bytes of Arduino's Wire, whole FIFO rows of 12 */

typedef struct {
    void *context;
    bool (*write)(void *context, uint8_t device, uint8_t reg, const uint8_t *data, uint8_t n);
    bool (*read)(void *context, uint8_t device, uint8_t reg, uint8_t *data, uint8_t n);
} tg_bus_t;

/* Bosch's block, without which a BMI270 does not measure. */
#define TG_BMI270_CONFIG_BYTES 8192

#define TG_IMU_MAX_ROWS 21 /* of one read: TG_BUS_MAX / TG_ROW_BYTES */

typedef enum { TG_IMU_LOOKING, TG_IMU_CONFIGURING, TG_IMU_READY, TG_IMU_FAILED } tg_imu_state_t;

typedef struct {
    uint8_t n_rows;
    uint16_t n_left; /* rows that are still in the FIFO */
    bool overrun;    /* the FIFO overflowed before these rows */
} tg_imu_batch_t;

struct tg_imu;

/* A part: a set of registers and what they mean. */
typedef struct {
    tg_imu_kind_t kind;
    /* One step of start-up; true when there is nothing left to do. Sets imu->wait_us. */
    bool (*configure)(struct tg_imu *imu, bool *failed);
    /* Ranges, rate, empty FIFO. */
    bool (*start)(struct tg_imu *imu);
    bool (*read)(struct tg_imu *imu, int16_t rows[][TG_N_AXES], tg_imu_batch_t *batch);
    bool (*is_there)(const tg_bus_t *bus);
    const uint32_t *rates_mhz; /* nominal, rising, ended by 0 */
} tg_imu_part_t;

typedef struct tg_imu {
    const tg_bus_t *bus;
    const tg_imu_part_t *part;
    const uint8_t *config_block; /* (TG_BMI270_CONFIG_BYTES) */
    uint32_t since_us;
    uint32_t wait_us;
    uint16_t step;
    uint8_t rate; /* place in part->rates_mhz */
    uint8_t n_tries;
    bool has_overflowed; /* seen in a register that forgets it when read, and not yet told in a batch */
    tg_imu_state_t state;
} tg_imu_t;

void tg_imu_init(tg_imu_t *imu, const tg_bus_t *bus, const uint8_t *config_block);

/* A short step of start-up; call again and again. After a failure it tries again, three times. */
void tg_imu_step(tg_imu_t *imu, uint32_t now_us);

/* From the next sample on measures at the least of its rates that is at least rate_hz, or if
 * oversampled at least 1.8 times that; the fastest if there is none. FIFO empty. */
bool tg_imu_start(tg_imu_t *imu, uint16_t rate_hz, bool oversampled);

/* Nominal rate that start chose, 0.001 Hz; 0 before. */
uint32_t tg_imu_rate_mhz(const tg_imu_t *imu);

/* Takes what is in the FIFO, at most TG_IMU_MAX_ROWS. False: the sensor did not answer. */
bool tg_imu_read(tg_imu_t *imu, int16_t rows[TG_IMU_MAX_ROWS][TG_N_AXES], tg_imu_batch_t *batch);

extern const tg_imu_part_t tg_lsm9ds1;
extern const tg_imu_part_t tg_bmi270;

/* For the parts: one register. */
bool tg_bus_write(const tg_bus_t *bus, uint8_t device, uint8_t reg, uint8_t value);
bool tg_bus_read(const tg_bus_t *bus, uint8_t device, uint8_t reg, uint8_t *value);

#ifdef __cplusplus
}
#endif

#endif
