#include "tg_frame.h"

#include <string.h>

#include "tg_bytes.h"

static uint8_t first_byte(uint8_t flags) {
    return (uint8_t)(TG_PROTOCOL_VERSION << 4 | flags);
}

size_t tg_put_sample_header(uint8_t *out, const tg_sample_header_t *header) {
    out[0] = first_byte(header->flags);
    out[1] = header->n_rows;
    tg_put_u32(tg_put_u16(out + 2, header->device_ms), header->first_index);
    return TG_SAMPLE_HEADER_BYTES;
}

size_t tg_put_row(uint8_t *out, const int16_t *row, uint8_t n_channels) {
    for (uint8_t c = 0; c < n_channels; ++c) {
        out = tg_put_u16(out, (uint16_t)row[c]);
    }
    return 2U * n_channels;
}

size_t tg_put_event(uint8_t *out, const tg_reported_event_t *reported) {
    out[0] = first_byte(0);
    out[1] = reported->model;
    out[2] = reported->event.label;
    out[3] = reported->event.score;
    out = tg_put_u32(out + 4, reported->event.start);
    out = tg_put_u16(out, reported->event.length);
    out = tg_put_u16(out, reported->count);
    tg_put_u32(out, reported->decided_at);
    return TG_EVENT_BYTES;
}

size_t tg_put_sensiml_result(uint8_t *out, uint16_t model, uint16_t label) {
    tg_put_u16(tg_put_u16(out, model), label);
    return 4;
}

size_t tg_put_health(uint8_t *out, const tg_health_t *health) {
    out[0] = first_byte(0);
    out[1] = health->mode;
    out[2] = health->imu;
    out[3] = health->faults;
    out = tg_put_u32(out + 4, health->uptime_ms);
    out = tg_put_u32(out, health->n_samples);
    out = tg_put_u32(out, health->n_lost);
    out = tg_put_u16(out, health->n_overruns);
    out = tg_put_u16(out, health->n_link_losses);
    out = tg_put_u16(out, health->inference_10us);
    out = tg_put_u16(out, health->free_stack);
    out = tg_put_u16(out, health->rest);
    out = tg_put_u16(out, health->part_rate_dhz);
    out[0] = (uint8_t)health->rssi_dbm;
    out[1] = health->reset_cause;
    tg_put_u16(out + 2, health->longest_loop_ms);
    return TG_HEALTH_BYTES;
}

/* At most size bytes of text, the rest zeros. */
static uint8_t *put_text(uint8_t *out, const char *text, size_t size) {
    size_t length = strlen(text);

    memset(out, 0, size);
    memcpy(out, text, length > size ? size : length);
    return out + size;
}

static uint8_t *put_id(uint8_t *out, const uint8_t *id) {
    if (id == NULL) {
        memset(out, 0, TG_ID_BYTES);
    } else {
        memcpy(out, id, TG_ID_BYTES);
    }
    return out + TG_ID_BYTES;
}

size_t tg_put_info(uint8_t *out, const tg_info_t *info) {
    out[0] = first_byte(info->can_recognise ? 1 : 0);
    out[1] = info->mode;
    out[2] = info->imu;
    out[3] = info->side;
    out[4] = info->n_channels;
    out[5] = info->n_models;
    out[6] = info->model;
    out[7] = info->serial_version;
    out = tg_put_u32(out + 8, (uint32_t)(info->device_id & UINT32_MAX));
    out = tg_put_u32(out, (uint32_t)(info->device_id >> 32));
    out = tg_put_u32(out, info->rate_mhz);
    out = tg_put_u32(out, info->part_rate_mhz);
    out = put_id(out, info->capture_id);
    out = put_id(out, info->model_id);
    out = put_text(out, info->name, TG_MAX_NAME);
    put_text(out, info->version, 12);
    return TG_INFO_BYTES;
}

size_t tg_put_manufacturer(uint8_t *out, uint8_t mode, uint8_t side, uint64_t device_id) {
    out[0] = 't';
    out[1] = 'g';
    out[2] = first_byte(mode);
    out[3] = side;
    tg_put_u16(out + 4, (uint16_t)(device_id & 0xFFFFU));
    return TG_MANUFACTURER_BYTES;
}

size_t tg_put_started(uint8_t *out, const tg_started_t *started) {
    out = tg_put_u16(out, started->rate_hz);
    out = tg_put_u16(out, started->payload);
    out[0] = started->rows_per_frame;
    out[1] = started->mode;
    return TG_STARTED_BYTES;
}

size_t tg_put_reply(uint8_t *out, const tg_command_t *to, tg_command_status_t status,
                    const uint8_t *arguments, size_t n_arguments) {
    out[0] = (uint8_t)(to->op | 0x80U);
    out[1] = to->tag;
    out[2] = (uint8_t)status;
    out[3] = 0;
    if (n_arguments > 0) {
        memcpy(out + TG_REPLY_HEADER_BYTES, arguments, n_arguments);
    }
    return TG_REPLY_HEADER_BYTES + n_arguments;
}

bool tg_get_command(const uint8_t *data, size_t n_bytes, tg_command_t *command) {
    if (n_bytes < TG_COMMAND_HEADER_BYTES || n_bytes > TG_MAX_COMMAND || data[0] == 0 ||
        data[0] >= 0x80U) {
        return false;
    }
    command->op = data[0];
    command->tag = data[1];
    command->n_arguments = (uint8_t)(n_bytes - TG_COMMAND_HEADER_BYTES);
    memcpy(command->arguments, data + TG_COMMAND_HEADER_BYTES, command->n_arguments);
    return true;
}
