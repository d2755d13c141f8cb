/* Messages into bytes, commands out of bytes: the layouts of docs/protocol.md. */
#ifndef TG_FRAME_H
#define TG_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "tg_protocol.h"
#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_SAMPLE_HEADER_BYTES 8
#define TG_EVENT_BYTES 16
#define TG_HEALTH_BYTES 32
#define TG_INFO_BYTES 120
#define TG_REPLY_HEADER_BYTES 4
#define TG_STARTED_BYTES 6
#define TG_MANUFACTURER_BYTES 6
#define TG_COMMAND_HEADER_BYTES 2
#define TG_MAX_COMMAND 32

typedef struct {
    uint8_t flags;
    uint8_t n_rows;
    uint16_t device_ms;
    uint32_t first_index;
} tg_sample_header_t;

typedef struct {
    tg_event_t event;
    uint8_t model;
    uint16_t count;
    uint32_t decided_at;
} tg_reported_event_t;

typedef struct {
    uint8_t mode;
    uint8_t imu;
    uint8_t faults;
    uint32_t uptime_ms;
    uint32_t n_samples;
    uint32_t n_lost;
    uint16_t n_overruns;
    uint16_t n_link_losses;
    uint16_t inference_10us;
    uint16_t free_stack;
    uint16_t rest;
    uint16_t part_rate_dhz;
    int8_t rssi_dbm;
    uint8_t reset_cause;
    uint16_t longest_loop_ms;
} tg_health_t;

typedef struct {
    bool can_recognise;
    uint8_t mode;
    uint8_t imu;
    uint8_t side;
    uint8_t n_channels;
    uint8_t n_models;
    uint8_t model; /* 255: none */
    uint8_t serial_version;
    uint64_t device_id;
    uint32_t rate_mhz;
    uint32_t part_rate_mhz;
    const uint8_t *capture_id; /* (TG_ID_BYTES) */
    const uint8_t *model_id;   /* (TG_ID_BYTES), or NULL */
    const char *name;
    const char *version;
} tg_info_t;

typedef struct {
    uint16_t rate_hz;
    uint16_t payload;
    uint8_t rows_per_frame;
    uint8_t mode;
} tg_started_t;

typedef struct {
    uint8_t op;
    uint8_t tag;
    uint8_t n_arguments;
    uint8_t arguments[TG_MAX_COMMAND - TG_COMMAND_HEADER_BYTES];
} tg_command_t;

/* Each writes into out and returns how many bytes it wrote. */
size_t tg_put_sample_header(uint8_t *out, const tg_sample_header_t *header);
size_t tg_put_row(uint8_t *out, const int16_t *row, uint8_t n_channels);
size_t tg_put_event(uint8_t *out, const tg_reported_event_t *reported);
size_t tg_put_sensiml_result(uint8_t *out, uint16_t model, uint16_t label);
size_t tg_put_health(uint8_t *out, const tg_health_t *health);
size_t tg_put_info(uint8_t *out, const tg_info_t *info);
size_t tg_put_manufacturer(uint8_t *out, uint8_t mode, uint8_t side, uint64_t device_id);
size_t tg_put_started(uint8_t *out, const tg_started_t *started);

/* arguments is (n_arguments), which the caller keeps within TG_MAX_PAYLOAD. */
size_t tg_put_reply(uint8_t *out, const tg_command_t *to, tg_command_status_t status,
                    const uint8_t *arguments, size_t n_arguments);

/* False for what no command can be. data is (n_bytes), from outside. */
bool tg_get_command(const uint8_t *data, size_t n_bytes, tg_command_t *command);

#ifdef __cplusplus
}
#endif

#endif
