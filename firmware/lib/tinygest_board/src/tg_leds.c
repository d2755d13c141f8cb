#include "tg_leds.h"

bool tg_led_blink(uint32_t now_ms, uint16_t period_ms) {
    return now_ms % period_ms < period_ms / 2U;
}

bool tg_led_yellow(tg_led_state_t state, uint32_t now_ms) {
    switch (state) {
    case TG_LED_WAITING:
        return now_ms % 1000U < 50U;
    case TG_LED_LINKED:
        return true;
    case TG_LED_STREAMING:
        return tg_led_blink(now_ms, 200);
    case TG_LED_STARTING:
    default:
        return false;
    }
}
