/* The board over USB serial: Simple Streaming Interface v1 and v2, and tinygest's own frames. */
#ifndef SERIAL_LINK_H
#define SERIAL_LINK_H

#include "tg_frame.h"
#include "tg_protocol.h"

namespace serial_link {

void begin(uint8_t version);
void set_version(uint8_t version);

/* Reads what has come, at most a few bytes a turn. True: command was written. */
bool poll(tg_command_t *command);

/* "connect" came and "disconnect" did not: rows are wanted. */
bool wants_rows();

/* START came over serial: everything goes in frames, and no text is printed. */
void set_framed(bool is_framed);
bool is_framed();

void send_frame(uint8_t channel, const uint8_t *data, uint16_t n_bytes);
void send_rows(const uint8_t *data, uint16_t n_bytes);

/* A line for people and for SensiML; text is (length) without its end. Not printed while rows or frames
 * flow. */
void print_line(const char *text, uint16_t length);

} // namespace serial_link

#endif
