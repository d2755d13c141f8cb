/* What a board keeps over resets: its name, its side, how it speaks over serial. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "tg_protocol.h"

namespace settings {

struct Settings {
    uint32_t magic;
    uint8_t side;
    uint8_t serial_version;
    char name[TG_MAX_NAME + 1];
    uint8_t checksum;
};

/* What was stored, or the values of a new board. */
void load(Settings *settings);

/* False: they hold until the next reset only. */
bool store(Settings *settings);

/* False when it is not a name: too long, control characters. */
bool set_name(Settings *settings, const uint8_t *text, size_t n);

} // namespace settings

#endif
