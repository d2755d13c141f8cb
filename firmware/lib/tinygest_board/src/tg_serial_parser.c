#include "tg_serial_parser.h"

#include <string.h>

#include "tg_bytes.h"
#include "tg_ssi.h"

static const char disconnect[] = "disconnect";
#define DIS_LENGTH 3 /* where "connect" begins */

void tg_serial_parser_reset(tg_serial_parser_t *parser) {
    parser->n_frame = 0;
    memset(parser->tail, 0, sizeof parser->tail);
}

static tg_serial_input_t match_word(tg_serial_parser_t *parser, uint8_t byte) {
    memmove(parser->tail, parser->tail + 1, sizeof parser->tail - 1);
    parser->tail[sizeof parser->tail - 1] = byte;
    if (memcmp(parser->tail, disconnect, sizeof parser->tail) == 0) {
        return TG_INPUT_DISCONNECT;
    }
    if (memcmp(parser->tail + DIS_LENGTH, disconnect + DIS_LENGTH,
               sizeof parser->tail - DIS_LENGTH) == 0) {
        return TG_INPUT_CONNECT;
    }
    return TG_INPUT_NOTHING;
}

/* Length of the whole frame once its header tells it; 0 when it cannot be one of ours. */
static uint8_t frame_length(const uint8_t *frame) {
    const uint16_t length = tg_get_u16(frame + 1);

    return length < 6 || length > 6 + TG_MAX_COMMAND ? 0 : (uint8_t)(length + 4U);
}

static bool is_command(tg_serial_parser_t *parser, uint8_t length) {
    uint8_t checksum = 0;

    for (uint8_t i = 3; i < length; ++i) {
        checksum ^= parser->frame[i];
    }
    return checksum == 0 && parser->frame[3] == 0 && parser->frame[4] == TG_SERIAL_CONTROL &&
           tg_get_command(parser->frame + TG_V2_HEADER_BYTES, length - TG_V2_OVERHEAD,
                          &parser->command);
}

static tg_serial_input_t take_frame_byte(tg_serial_parser_t *parser, uint8_t byte) {
    parser->frame[parser->n_frame++] = byte;
    if (parser->n_frame < 3) {
        return TG_INPUT_NOTHING;
    }
    const uint8_t length = frame_length(parser->frame);
    if (length == 0) {
        parser->n_frame = 0;
        return match_word(parser, byte);
    }
    if (parser->n_frame < length) {
        return TG_INPUT_NOTHING;
    }
    parser->n_frame = 0;
    return is_command(parser, length) ? TG_INPUT_COMMAND : TG_INPUT_NOTHING;
}

tg_serial_input_t tg_serial_parser_push(tg_serial_parser_t *parser, uint8_t byte) {
    if (parser->n_frame > 0) {
        return take_frame_byte(parser, byte);
    }
    if (byte == 0xFF) {
        parser->frame[parser->n_frame++] = byte;
        return TG_INPUT_NOTHING;
    }
    return match_word(parser, byte);
}
