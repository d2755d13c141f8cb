/* Wire1 over the register-level model of the sensor. */
#include "Wire.h"

#include <cstring>

#include "board.h"

using virtual_board::board;

TwoWire Wire1;

namespace {

const size_t kBuffer = 256; /* of Arduino's library */
uint8_t device_now;
uint8_t out[kBuffer];
size_t n_out = 0;
uint8_t reg_now = 0;
uint8_t in[kBuffer];
size_t n_in = 0;
size_t at_in = 0;

bool answers(uint8_t device) {
    if (board.n_bus_failures > 0) {
        --board.n_bus_failures;
        return false;
    }
    return board.imu != nullptr && board.imu->device() == device;
}

} // namespace

void TwoWire::begin() {
}

void TwoWire::setClock(uint32_t) {
}

void TwoWire::beginTransmission(uint8_t device) {
    device_now = device;
    n_out = 0;
}

size_t TwoWire::write(uint8_t value) {
    return write(&value, 1);
}

size_t TwoWire::write(const uint8_t *data, size_t n) {
    const size_t n_taken = n_out + n > kBuffer ? kBuffer - n_out : n;
    std::memcpy(out + n_out, data, n_taken);
    n_out += n_taken;
    return n_taken;
}

uint8_t TwoWire::endTransmission(bool) {
    if (n_out == 0 || !answers(device_now)) {
        return 2;
    }
    reg_now = out[0];
    return n_out == 1 || board.imu->write(out[0], out + 1, n_out - 1) ? 0 : 2;
}

size_t TwoWire::requestFrom(uint8_t device, size_t n) {
    n_in = n > kBuffer ? kBuffer : n;
    at_in = 0;
    if (!answers(device) || !board.imu->read(reg_now, in, n_in)) {
        n_in = 0;
    }
    return n_in;
}

int TwoWire::read() {
    return at_in < n_in ? in[at_in++] : -1;
}
