/* Arduino's signatures over nothing: what is linked shows that the firmware is whole, and how large it
 * is without core and libraries. */
#ifndef TINYGEST_EMULATED

#include <Arduino.h>
#include <ArduinoBLE.h>
#include <Wire.h>

#include "mbed.h"

namespace {

volatile uint32_t anything; /* so that no caller can be optimised away */

} // namespace

Stream Serial;
TwoWire Wire1;
static BLELocalDevice local_device;
BLELocalDevice &BLE = local_device;

unsigned long millis() { return anything / 1000; }
unsigned long micros() { return anything; }
void pinMode(int, int) {}
void digitalWrite(int, int value) { anything = (uint32_t)value; }

void Stream::begin(unsigned long) {}
int Stream::available() { return (int)anything; }
int Stream::read() { return (int)anything; }
size_t Stream::write(const uint8_t *data, size_t n) { anything = data[0]; return n; }
Stream::operator bool() { return anything != 0; }

void TwoWire::begin() {}
void TwoWire::setClock(uint32_t) {}
void TwoWire::beginTransmission(uint8_t) {}
size_t TwoWire::write(uint8_t value) { anything = value; return 1; }
size_t TwoWire::write(const uint8_t *data, size_t n) { anything = data[0]; return n; }
uint8_t TwoWire::endTransmission(bool) { return (uint8_t)anything; }
size_t TwoWire::requestFrom(uint8_t, size_t n) { return n; }
int TwoWire::read() { return (int)anything; }

BLECharacteristic::BLECharacteristic(const char *, uint16_t, int) : index_(0) {}
int BLECharacteristic::writeValue(const uint8_t value[], int, bool) { anything = value[0]; return (int)anything; }
const uint8_t *BLECharacteristic::value() const { return (const uint8_t *)&anything; }
int BLECharacteristic::valueLength() const { return (int)anything; }
bool BLECharacteristic::subscribed() { return anything != 0; }
void BLECharacteristic::setEventHandler(int, void (*handler)(BLEDevice, BLECharacteristic)) {
    handler(BLEDevice(), *this);
}
BLEService::BLEService(const char *) : index_(0) {}
void BLEService::addCharacteristic(BLECharacteristic &) {}

int BLELocalDevice::begin() { return (int)anything; }
void BLELocalDevice::poll() {}
bool BLELocalDevice::connected() const { return anything != 0; }
bool BLELocalDevice::disconnect() { return true; }
int BLELocalDevice::rssi() { return (int)anything; }
bool BLELocalDevice::setAdvertisedServiceUuid(const char *uuid) { anything = (uint32_t)uuid[0]; return true; }
bool BLELocalDevice::setManufacturerData(uint16_t, const uint8_t data[], int) { anything = data[0]; return true; }
bool BLELocalDevice::setLocalName(const char *name) { anything = (uint32_t)name[0]; return true; }
void BLELocalDevice::setDeviceName(const char *) {}
void BLELocalDevice::addService(BLEService &) {}
int BLELocalDevice::advertise() { return 1; }
void BLELocalDevice::stopAdvertise() {}
void BLELocalDevice::setAdvertisingInterval(uint16_t) {}
void BLELocalDevice::setConnectionInterval(uint16_t, uint16_t) {}
void BLELocalDevice::setSupervisionTimeout(uint16_t) {}
void BLELocalDevice::setEventHandler(BLEDeviceEvent, void (*handler)(BLEDevice)) { handler(BLEDevice()); }

osThreadId_t osThreadGetId() { return nullptr; }
uint32_t osThreadGetStackSpace(osThreadId_t) { return anything; }

namespace mbed {

Watchdog &Watchdog::get_instance() {
    static Watchdog watchdog;
    return watchdog;
}
bool Watchdog::start(uint32_t) { return true; }
void Watchdog::kick() {}
int FlashIAP::init() { return (int)anything; }
int FlashIAP::deinit() { return (int)anything; }
uint32_t FlashIAP::get_flash_start() const { return 0; }
uint32_t FlashIAP::get_flash_size() const { return 0x100000; }
uint32_t FlashIAP::get_sector_size(uint32_t) const { return 4096; }
int FlashIAP::read(void *, uint32_t, uint32_t) { return (int)anything; }
int FlashIAP::erase(uint32_t, uint32_t) { return (int)anything; }
int FlashIAP::program(const void *, uint32_t, uint32_t) { return (int)anything; }

} // namespace mbed

#ifndef PIO_UNIT_TESTING
int main() {
    setup();
    for (;;) {
        loop();
    }
}
#endif

#endif
