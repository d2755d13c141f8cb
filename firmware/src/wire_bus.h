/* The motion sensor's bus: Wire1 at 400 kHz. */
#ifndef WIRE_BUS_H
#define WIRE_BUS_H

#include "tg_imu.h"

namespace wire_bus {

void begin();
extern const tg_bus_t bus;

} // namespace wire_bus

#endif
