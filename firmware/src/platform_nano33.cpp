/* nRF52840 under Arduino's mbed core. */
#ifdef ARDUINO_ARCH_MBED

#include "platform.h"

#include <Arduino.h>
#include <mbed.h>

#include "tg_protocol.h"

namespace {

const uint32_t kReasonPin = 1U << 0;
const uint32_t kReasonWatchdog = 1U << 1;
const uint32_t kReasonSoftware = 1U << 2;

uint32_t read_reset_reason() {
    const uint32_t reason = NRF_POWER->RESETREAS;
    NRF_POWER->RESETREAS = reason; /* bits stay until they are written */
    return reason;
}

const uint32_t kSettingsBytes = 64; /* programmed in one go, a multiple of the flash's word */

/* The last page of flash; firmware ends far below it. */
struct LastPage {
    mbed::FlashIAP flash;
    uint32_t size = 0;
    uint32_t address = 0;

    bool has_begun = false;

    ~LastPage() {
        if (has_begun) {
            flash.deinit(); /* init took a buffer from the heap */
        }
    }

    bool open() {
        has_begun = true;
        if (flash.init() != 0) {
            return false;
        }
        const uint32_t end = flash.get_flash_start() + flash.get_flash_size();
        size = flash.get_sector_size(end - 1);
        address = end - size;
        return true;
    }
};

} // namespace

namespace platform {

uint64_t device_id() {
    return (uint64_t)NRF_FICR->DEVICEID[1] << 32 | NRF_FICR->DEVICEID[0];
}

uint8_t reset_cause() {
    static const uint32_t reason = read_reset_reason();
    if (reason & kReasonWatchdog) {
        return TG_RESET_WATCHDOG;
    }
    if (reason & kReasonSoftware) {
        return TG_RESET_SOFTWARE;
    }
    if (reason & kReasonPin) {
        return TG_RESET_PIN;
    }
    return reason == 0 ? TG_RESET_POWER : TG_RESET_OTHER;
}

uint16_t free_stack() {
    const uint32_t n_free = osThreadGetStackSpace(osThreadGetId());
    return (uint16_t)(n_free > UINT16_MAX ? UINT16_MAX : n_free);
}

void start_watchdog(uint32_t timeout_ms) {
    mbed::Watchdog::get_instance().start(timeout_ms);
}

void kick_watchdog() {
    mbed::Watchdog::get_instance().kick();
}

bool load(void *data, size_t n) {
    LastPage page;
    return n <= kSettingsBytes && page.open() && page.flash.read(data, page.address, n) == 0;
}

bool store(const void *data, size_t n) {
    LastPage page;
    uint8_t padded[kSettingsBytes] = {};
    if (n > sizeof padded || !page.open()) {
        return false;
    }
    memcpy(padded, data, n);
    return page.flash.erase(page.address, page.size) == 0 &&
           page.flash.program(padded, page.address, sizeof padded) == 0;
}

} // namespace platform

#endif
