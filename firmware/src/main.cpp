/* One image, two jobs: see app.h. Under `pio test` the test program has its own main. */
#ifndef PIO_UNIT_TESTING

#include <Arduino.h>

#include "app.h"

void setup() {
    app::begin();
}

void loop() {
    app::poll();
}

#endif
