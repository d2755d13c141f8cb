#include "leds.h"

#include <Arduino.h>

namespace leds {

namespace {

struct Show {
    bool red, green, blue, blinks;
    uint32_t until_ms;
};

Show show_now = {false, false, false, false, 0};

bool is_over(uint32_t now_ms) {
    return (int32_t)(now_ms - show_now.until_ms) >= 0;
}

/* The colours shine when their pin is low. */
void set_colours(bool red, bool green, bool blue) {
    digitalWrite(LEDR, red ? LOW : HIGH);
    digitalWrite(LEDG, green ? LOW : HIGH);
    digitalWrite(LEDB, blue ? LOW : HIGH);
}

} // namespace

void begin() {
    pinMode(LED_BUILTIN, OUTPUT);
    pinMode(LEDR, OUTPUT);
    pinMode(LEDG, OUTPUT);
    pinMode(LEDB, OUTPUT);
    set_colours(false, false, false);
}

void show(bool red, bool green, bool blue, uint16_t duration_ms) {
    show_now = {red, green, blue, false, (uint32_t)millis() + duration_ms};
}

void identify(uint8_t seconds) {
    show_now = {true, true, true, true, (uint32_t)millis() + seconds * 1000U};
}

void update(tg_led_state_t state, bool is_faulty) {
    const uint32_t now_ms = millis();
    digitalWrite(LED_BUILTIN, tg_led_yellow(state, now_ms) ? HIGH : LOW);
    if (is_over(now_ms)) {
        show_now.until_ms = now_ms; /* so that it stays over when the milliseconds wrap */
        set_colours(is_faulty && tg_led_blink(now_ms, 1000), false, false);
        return;
    }
    const bool is_lit = !show_now.blinks || tg_led_blink(now_ms, 200);
    set_colours(is_lit && show_now.red, is_lit && show_now.green, is_lit && show_now.blue);
}

} // namespace leds
