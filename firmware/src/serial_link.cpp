#include "serial_link.h"

#include <Arduino.h>
#include <string.h>

#include "tg_serial_parser.h"
#include "tg_ssi.h"

namespace serial_link {

namespace {

const int kBytesPerTurn = 64;
const uint8_t kChannels = 4;

tg_serial_parser_t parser;
uint32_t last_byte_ms = 0;
uint32_t sequences[kChannels]; /* of the last frame of each channel */
uint8_t ssi_version = 1;
bool is_connected = false;
bool framed = false;

void send(const uint8_t *data, size_t n_bytes) {
    if (Serial) { /* nobody there: a write could wait for ever */
        Serial.write(data, n_bytes);
    }
}

void set_connected(bool connected) {
    is_connected = connected;
    framed = framed && connected;
    memset(sequences, 0, sizeof sequences);
}

} // namespace

void begin(uint8_t version) {
    Serial.begin(921600);
    tg_serial_parser_reset(&parser);
    set_connected(false);
    ssi_version = version;
}

void set_version(uint8_t version) {
    ssi_version = version;
}

bool poll(tg_command_t *command) {
    const uint32_t now_ms = millis();
    if (now_ms - last_byte_ms > TG_PARSER_QUIET_MS) {
        tg_serial_parser_reset(&parser);
    }
    for (int i = 0; i < kBytesPerTurn && Serial.available() > 0; ++i) {
        last_byte_ms = now_ms;
        switch (tg_serial_parser_push(&parser, (uint8_t)Serial.read())) {
        case TG_INPUT_CONNECT:
            set_connected(true);
            break;
        case TG_INPUT_DISCONNECT:
            set_connected(false);
            break;
        case TG_INPUT_COMMAND:
            *command = parser.command;
            return true;
        case TG_INPUT_NOTHING:
        default:
            break;
        }
    }
    return false;
}

bool wants_rows() {
    return is_connected && !framed;
}

void set_framed(bool is_framed) {
    framed = is_framed;
}

bool is_framed() {
    return framed;
}

void send_frame(uint8_t channel, const uint8_t *data, uint16_t n_bytes) {
    uint8_t frame[TG_MAX_PAYLOAD + TG_V2_OVERHEAD];
    if (n_bytes > TG_MAX_PAYLOAD || channel >= kChannels) {
        return;
    }
    memcpy(frame + TG_V2_HEADER_BYTES, data, n_bytes);
    ++sequences[channel];
    send(frame, tg_ssi_v2_wrap(frame, n_bytes, channel, sequences[channel]));
}

void send_rows(const uint8_t *data, uint16_t n_bytes) {
    if (ssi_version == 2) {
        send_frame(TG_SERIAL_ROWS, data, n_bytes);
    } else {
        send(data, n_bytes);
    }
}

void print_line(const char *text, uint16_t length) {
    if (!is_connected && !framed) {
        send(reinterpret_cast<const uint8_t *>(text), length);
        send(reinterpret_cast<const uint8_t *>("\r\n"), 2);
    }
}

} // namespace serial_link
