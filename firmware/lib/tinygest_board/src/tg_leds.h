/* What the lights say; docs/firmware.md is the user's side of it. */
#ifndef TG_LEDS_H
#define TG_LEDS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { TG_LED_STARTING, TG_LED_WAITING, TG_LED_LINKED, TG_LED_STREAMING } tg_led_state_t;

/* The yellow light at this time: off while starting, a short flash each second while waiting for a
 * central, on when linked, quick blinking when streaming or recognising. */
bool tg_led_yellow(tg_led_state_t state, uint32_t now_ms);

/* The blinking of IDENTIFY and of a fault. */
bool tg_led_blink(uint32_t now_ms, uint16_t period_ms);

#ifdef __cplusplus
}
#endif

#endif
