/* The peripheral side of ArduinoBLE 2.0, as far as the firmware uses it. */
#ifndef ARDUINO_BLE_H
#define ARDUINO_BLE_H

#include <stdint.h>

enum { BLERead = 0x02, BLEWriteWithoutResponse = 0x04, BLEWrite = 0x08, BLENotify = 0x10 };
enum BLEDeviceEvent { BLEConnected = 0, BLEDisconnected = 1 };
enum BLECharacteristicEvent { BLESubscribed = 0, BLEUnsubscribed = 1, BLEWritten = 3 };

class BLEDevice {};

/* A handle: copies are the same characteristic. */
class BLECharacteristic {
  public:
    BLECharacteristic(const char *uuid, uint16_t permissions, int value_size);
    int writeValue(const uint8_t value[], int length, bool with_response = true);
    const uint8_t *value() const;
    int valueLength() const;
    bool subscribed();
    void setEventHandler(int event, void (*handler)(BLEDevice, BLECharacteristic));
    int index() const { return index_; } /* not ArduinoBLE's: place in the virtual board's table */

  private:
    int index_;
};

class BLEService {
  public:
    explicit BLEService(const char *uuid);
    void addCharacteristic(BLECharacteristic &characteristic);
    int index() const { return index_; }

  private:
    int index_;
};

class BLELocalDevice {
  public:
    int begin();
    void poll();
    bool connected() const;
    bool disconnect();
    int rssi();
    bool setAdvertisedServiceUuid(const char *uuid);
    bool setManufacturerData(uint16_t company, const uint8_t data[], int length);
    bool setLocalName(const char *name);
    void setDeviceName(const char *name);
    void addService(BLEService &service);
    int advertise();
    void stopAdvertise();
    void setAdvertisingInterval(uint16_t interval);
    void setConnectionInterval(uint16_t minimum, uint16_t maximum);
    void setSupervisionTimeout(uint16_t timeout);
    void setEventHandler(BLEDeviceEvent event, void (*handler)(BLEDevice));
};
extern BLELocalDevice &BLE;

#endif
