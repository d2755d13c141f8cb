/* The numbers of docs/protocol.md. src/tinygest/protocol is the other side. */
#ifndef TG_PROTOCOL_H
#define TG_PROTOCOL_H

#include <stdint.h>

#define TG_PROTOCOL_VERSION 1
#define TG_FIRMWARE_VERSION "0.1.0"

#define TG_UUID_SERVICE "74670000-6765-4757-b3d1-8a0c5e2f0101"
#define TG_UUID_INFO "74670001-6765-4757-b3d1-8a0c5e2f0101"
#define TG_UUID_SAMPLES "74670002-6765-4757-b3d1-8a0c5e2f0101"
#define TG_UUID_EVENTS "74670003-6765-4757-b3d1-8a0c5e2f0101"
#define TG_UUID_CONTROL "74670004-6765-4757-b3d1-8a0c5e2f0101"
#define TG_UUID_REPLY "74670005-6765-4757-b3d1-8a0c5e2f0101"
#define TG_UUID_HEALTH "74670006-6765-4757-b3d1-8a0c5e2f0101"
#define TG_UUID_SSI_SERVICE "16480000-0525-4ad5-b4fb-6dd83f49546b"
#define TG_UUID_SSI_CONFIG "16480001-0525-4ad5-b4fb-6dd83f49546b"
#define TG_UUID_SSI_DATA "16480002-0525-4ad5-b4fb-6dd83f49546b"
#define TG_UUID_RECOGNITION_SERVICE "42421100-5a22-46dd-90f7-7af26f723159"
#define TG_UUID_RECOGNITION_CLASS "42421101-5a22-46dd-90f7-7af26f723159"
#define TG_UUID_RECOGNITION_FEATURES "42421102-5a22-46dd-90f7-7af26f723159"

#define TG_NAME_CAPTURE "Nano 33 DCL"
#define TG_NAME_RECOGNITION "Nano33 SensiML KP"
#define TG_COMPANY 0xFFFFU

#define TG_N_AXES 6       /* ax ay az gx gy gz */
#define TG_ROW_BYTES (2 * TG_N_AXES)
#define TG_MIN_PAYLOAD 20 /* of a notification at MTU 23 */
#define TG_MAX_PAYLOAD 244
#define TG_MAX_NAME 20
#define TG_ID_BYTES 32 /* capture_id and model_id: SHA-256 */

#define TG_FRAMES_PER_SECOND 20     /* aimed at */
#define TG_MAX_FRAMES_PER_SECOND 50 /* more is not attempted over BLE */

#define TG_HEARTBEAT_TIMEOUT_MS 5000U
/* Long, because a nRF52840's watchdog goes on over the soft reset into the bootloader: an upload has to
 * fit into it. */
#define TG_WATCHDOG_TIMEOUT_MS 30000U
#define TG_SUPERVISION_TIMEOUT_MS 2000U

typedef enum { TG_MODE_IDLE = 0, TG_MODE_CAPTURE = 1, TG_MODE_RECOGNISE = 2 } tg_mode_t;
typedef enum { TG_SIDE_NONE = 0, TG_SIDE_LEFT = 1, TG_SIDE_RIGHT = 2 } tg_side_t;
typedef enum { TG_IMU_NONE = 0, TG_IMU_LSM9DS1 = 1, TG_IMU_BMI270 = 2 } tg_imu_kind_t;

enum { TG_FLAG_RAW = 1, TG_FLAG_RESTART = 2, TG_FLAG_GAP = 4 }; /* of a sample frame */

enum {
    TG_FAULT_NO_IMU = 1,
    TG_FAULT_IMU_CONFIGURATION = 2,
    TG_FAULT_NETWORK = 4,
    TG_FAULT_PAYLOAD_TOO_SMALL = 8,
    TG_FAULT_STORAGE = 16,
    TG_FAULT_MODEL_RATE = 32
};

typedef enum {
    TG_RESET_POWER = 0,
    TG_RESET_WATCHDOG = 1,
    TG_RESET_SOFTWARE = 2,
    TG_RESET_PIN = 3,
    TG_RESET_OTHER = 4
} tg_reset_cause_t;

enum { TG_SERIAL_ROWS = 0, TG_SERIAL_SAMPLES = 1, TG_SERIAL_EVENTS = 2, TG_SERIAL_CONTROL = 3 };

typedef enum {
    TG_OP_START = 1,
    TG_OP_STOP = 2,
    TG_OP_IDENTIFY = 3,
    TG_OP_HEARTBEAT = 4,
    TG_OP_SET_NAME = 5,
    TG_OP_SET_SIDE = 6,
    TG_OP_GET_INFO = 7,
    TG_OP_GET_HEALTH = 8,
    TG_OP_LINK = 9, /* only as a reply */
    TG_OP_SET_SERIAL_VERSION = 10
} tg_op_t;

enum { TG_START_RAW = 1, TG_START_LOWER_RATE = 2, TG_START_WITH_SAMPLES = 4 };

typedef enum {
    TG_STATUS_OK = 0,
    TG_STATUS_UNKNOWN_COMMAND = 1,
    TG_STATUS_MALFORMED = 2,
    TG_STATUS_NO_MODEL = 3,
    TG_STATUS_PAYLOAD_TOO_SMALL = 4,
    TG_STATUS_NO_IMU = 5,
    TG_STATUS_RATE = 6,
    TG_STATUS_STORAGE = 7,
    TG_STATUS_NETWORK = 8
} tg_command_status_t;

#endif
