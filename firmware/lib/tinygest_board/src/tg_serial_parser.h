/* What comes in over serial: the words of v1, and v2 frames that hold commands. */
#ifndef TG_SERIAL_PARSER_H
#define TG_SERIAL_PARSER_H

#include "tg_frame.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TG_PARSER_QUIET_MS 200U

typedef enum {
    TG_INPUT_NOTHING,
    TG_INPUT_CONNECT,
    TG_INPUT_DISCONNECT,
    TG_INPUT_COMMAND /* see tg_serial_parser_t.command */
} tg_serial_input_t;

typedef struct {
    tg_command_t command;
    uint8_t frame[TG_MAX_COMMAND + 10];
    uint8_t n_frame; /* bytes of a frame that has begun */
    uint8_t tail[10]; /* the newest bytes outside frames */
} tg_serial_parser_t;

void tg_serial_parser_reset(tg_serial_parser_t *parser);

/* Takes a byte from outside. Nothing else is needed to get out of a broken frame than more bytes, or
 * tg_serial_parser_reset after TG_PARSER_QUIET_MS of silence. */
tg_serial_input_t tg_serial_parser_push(tg_serial_parser_t *parser, uint8_t byte);

#ifdef __cplusplus
}
#endif

#endif
