/* The yellow light tells how the board is, the three colours belong to on_event. */
#ifndef LEDS_H
#define LEDS_H

#include <stdint.h>

#include "tg_leds.h"

namespace leds {

void begin();

/* Red, green and blue on or off for so long. */
void show(bool red, bool green, bool blue, uint16_t duration_ms);

/* White blinking, for a person who looks for this board. */
void identify(uint8_t seconds);

/* is_faulty: red blinks when nothing else is shown. */
void update(tg_led_state_t state, bool is_faulty);

} // namespace leds

#endif
