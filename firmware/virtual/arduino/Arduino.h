/* The part of Arduino's interface that the firmware uses, with Arduino's signatures. Behind it is the
 * virtual board, or on Cortex-M4 nothing at all (a build that shows that the firmware compiles). */
#ifndef ARDUINO_H
#define ARDUINO_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LOW 0
#define HIGH 1
#define INPUT 0
#define OUTPUT 1
#define LED_BUILTIN 13
#define LEDR 22
#define LEDG 23
#define LEDB 24
#define PIN_ENABLE_SENSORS_3V3 31
#define PIN_ENABLE_I2C_PULLUP 32

void setup();
void loop();

unsigned long millis();
unsigned long micros();
void pinMode(int pin, int mode);
void digitalWrite(int pin, int value);

class Stream {
  public:
    void begin(unsigned long baud);
    int available();
    int read();
    size_t write(const uint8_t *data, size_t n);
    operator bool();
};
extern Stream Serial;

#endif
