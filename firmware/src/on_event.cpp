/* Yours: what the board does when it recognises something. tinygest never overwrites this file. */
#include "on_event.h"

#include "leds.h"

/* Shows the label's number as a colour: 1 red, 2 green, 3 yellow, 4 blue, 5 purple, 6 cyan, 7 white. */
void on_event(const tg_event_t &event, const char *label) {
    (void)label;
    leds::show(event.label & 1, event.label & 2, event.label & 4, 400);
}
