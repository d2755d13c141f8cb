/* What the board offers beside Arduino's interface. One implementation for the Nano 33 BLE, one for the
 * virtual board. */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stddef.h>
#include <stdint.h>

namespace platform {

uint64_t device_id();
uint8_t reset_cause(); /* tg_reset_cause_t */
uint16_t free_stack(); /* bytes that were never used */

/* From now on the board restarts when kick_watchdog is not called for so long. */
void start_watchdog(uint32_t timeout_ms);
void kick_watchdog();

/* A few bytes that survive a reset; n at most 64. False: nothing was stored, or it cannot be. */
bool load(void *data, size_t n);
bool store(const void *data, size_t n);

} // namespace platform

#endif
