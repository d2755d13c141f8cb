#include "settings.h"

#include <string.h>

#include "platform.h"

namespace settings {

namespace {

const uint32_t kMagic = 0x31476774; /* "tgG1" */

uint8_t checksum(const Settings &settings) {
    uint8_t sum = 0x5A;
    for (const char letter : settings.name) {
        sum = (uint8_t)((sum << 1 | sum >> 7) ^ (uint8_t)letter);
    }
    return (uint8_t)(sum ^ settings.side ^ settings.serial_version << 4);
}

bool is_whole(const Settings &settings) {
    return settings.magic == kMagic && settings.checksum == checksum(settings) &&
           settings.name[TG_MAX_NAME] == 0 && settings.side <= TG_SIDE_RIGHT &&
           (settings.serial_version == 1 || settings.serial_version == 2);
}

} // namespace

void load(Settings *settings) {
    if (platform::load(settings, sizeof *settings) && is_whole(*settings)) {
        return;
    }
    memset(settings, 0, sizeof *settings);
    settings->magic = kMagic;
    settings->serial_version = 1;
}

/* A page of flash wears with every erasure, and the radio waits for it: what is there already stays. */
bool store(Settings *settings) {
    Settings there;

    settings->checksum = checksum(*settings);
    if (platform::load(&there, sizeof there) && memcmp(&there, settings, sizeof there) == 0) {
        return true;
    }
    return platform::store(settings, sizeof *settings);
}

bool set_name(Settings *settings, const uint8_t *text, size_t n) {
    if (n > TG_MAX_NAME) {
        return false;
    }
    for (size_t i = 0; i < n; ++i) {
        if (text[i] < 0x20) {
            return false;
        }
    }
    memset(settings->name, 0, sizeof settings->name);
    memcpy(settings->name, text, n);
    return true;
}

} // namespace settings
