#include "wire_bus.h"

#include <Arduino.h>
#include <Wire.h>

namespace wire_bus {

namespace {

bool write(void *, uint8_t device, uint8_t reg, const uint8_t *data, uint8_t n) {
    Wire1.beginTransmission(device);
    Wire1.write(reg);
    Wire1.write(data, n);
    return Wire1.endTransmission() == 0;
}

bool read(void *, uint8_t device, uint8_t reg, uint8_t *data, uint8_t n) {
    Wire1.beginTransmission(device);
    Wire1.write(reg);
    if (Wire1.endTransmission(false) != 0 || Wire1.requestFrom(device, (size_t)n) != n) {
        return false;
    }
    for (uint8_t i = 0; i < n; ++i) {
        data[i] = (uint8_t)Wire1.read();
    }
    return true;
}

} // namespace

const tg_bus_t bus = {nullptr, write, read};

void begin() {
#ifdef PIN_ENABLE_SENSORS_3V3 /* sensors of this board have a supply and pull-ups of their own */
    pinMode(PIN_ENABLE_I2C_PULLUP, OUTPUT);
    digitalWrite(PIN_ENABLE_I2C_PULLUP, HIGH);
    pinMode(PIN_ENABLE_SENSORS_3V3, OUTPUT);
    digitalWrite(PIN_ENABLE_SENSORS_3V3, HIGH);
#endif
    Wire1.begin();
    Wire1.setClock(400000);
}

} // namespace wire_bus
