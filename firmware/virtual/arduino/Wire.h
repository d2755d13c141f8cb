/* Arduino's I2C master; transfers of at most 256 bytes, as on the board. */
#ifndef WIRE_H
#define WIRE_H

#include <stddef.h>
#include <stdint.h>

class TwoWire {
  public:
    void begin();
    void setClock(uint32_t hz);
    void beginTransmission(uint8_t device);
    size_t write(uint8_t value);
    size_t write(const uint8_t *data, size_t n);
    uint8_t endTransmission(bool stop = true); /* 0: all was taken */
    size_t requestFrom(uint8_t device, size_t n);
    int read();
};
extern TwoWire Wire1;

#endif
