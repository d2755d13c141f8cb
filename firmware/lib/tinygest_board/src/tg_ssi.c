#include "tg_ssi.h"

#include <string.h>

#include "tg_bytes.h"

static char *put_string(char *out, const char *text) {
    const size_t length = strlen(text);

    memcpy(out, text, length);
    return out + length;
}

static char *put_number(char *out, uint32_t value) {
    char digits[10];
    uint8_t n_digits = 0;

    do {
        digits[n_digits++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (n_digits > 0) {
        *out++ = digits[--n_digits];
    }
    return out;
}

size_t tg_ssi_config(char *out, uint16_t rate_hz, uint8_t version, uint8_t samples_per_packet) {
    char *end = put_number(put_string(out, "{\"sample_rate\":"), rate_hz);

    end = put_number(put_string(end, ",\"version\":"), version);
    end = put_number(put_string(end, ",\"samples_per_packet\":"), samples_per_packet);
    end = put_string(end, ",\"column_location\":{\"AccelerometerX\":0,\"AccelerometerY\":1,"
                          "\"AccelerometerZ\":2,\"GyroscopeX\":3,\"GyroscopeY\":4,"
                          "\"GyroscopeZ\":5}}");
    return (size_t)(end - out);
}

size_t tg_ssi_result(char *out, uint8_t model, const tg_event_t *event) {
    char *end = put_number(put_string(out, "{\"ModelNumber\":"), model);

    end = put_number(put_string(end, ",\"Classification\":"), event->label);
    end = put_number(put_string(end, ",\"SegmentStart\":"), event->start);
    end = put_number(put_string(end, ",\"SegmentLength\":"), event->length);
    *end++ = '}';
    return (size_t)(end - out);
}

size_t tg_ssi_v2_wrap(uint8_t *frame, size_t n_payload, uint8_t channel, uint32_t sequence) {
    uint8_t checksum = 0;

    frame[0] = 0xFF;
    tg_put_u16(frame + 1, (uint16_t)(n_payload + 6));
    frame[3] = 0;
    frame[4] = channel;
    tg_put_u32(frame + 5, sequence);
    for (size_t i = 3; i < TG_V2_HEADER_BYTES + n_payload; ++i) {
        checksum ^= frame[i];
    }
    frame[TG_V2_HEADER_BYTES + n_payload] = checksum;
    return n_payload + TG_V2_OVERHEAD;
}
