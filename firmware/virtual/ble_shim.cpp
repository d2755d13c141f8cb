/* ArduinoBLE's peripheral over the link to the virtual radio. As there, a notification is cut to the MTU
 * and writeValue returns what is left; it waits while the controller's four buffers are full. */
#include "ArduinoBLE.h"

#include <cstdio>
#include <cstring>
#include <string>

#include "board.h"

using virtual_board::board;
using virtual_board::Bytes;

namespace {

const int kBuffers = 4;

struct Characteristic {
    const char *uuid;
    uint16_t permissions;
    int size;
    Bytes value;
    uint16_t subscription;
    void (*on_written)(BLEDevice, BLECharacteristic);
    BLECharacteristic *owner;
};

struct Service {
    const char *uuid;
    std::vector<int> characteristics;
    bool is_added;
};

/* Built before main() by the firmware's static objects, in any order. */
std::vector<Characteristic> &characteristics() {
    static std::vector<Characteristic> all;
    return all;
}

std::vector<Service> &services() {
    static std::vector<Service> all;
    return all;
}

bool is_connected = false;
bool is_table_sent = false;
uint16_t mtu = 23;
int n_buffers = kBuffers;
int8_t rssi_dbm = 0;
std::string service_uuid;
std::string local_name;
Bytes manufacturer;
void (*on_device_event[2])(BLEDevice) = {nullptr, nullptr};
std::vector<virtual_board::Message> waiting; /* until BLE.poll() */

std::string describe(const Characteristic &one) {
    return std::string("{\"uuid\":\"") + one.uuid + "\",\"properties\":" + std::to_string(one.permissions) +
           ",\"size\":" + std::to_string(one.size) + "}";
}

std::string describe(const Service &service) {
    std::string text = std::string("{\"uuid\":\"") + service.uuid + "\",\"characteristics\":[";
    for (size_t i = 0; i < service.characteristics.size(); ++i) {
        const int index = service.characteristics[i];
        text += (i ? "," : "") + describe(characteristics()[(size_t)index]);
        text.insert(text.size() - 1, ",\"index\":" + std::to_string(index));
    }
    return text + "]}";
}

void send_table() {
    std::string text = "[";
    for (const Service &service : services()) {
        if (service.is_added) {
            text += (text.size() > 1 ? "," : "") + describe(service);
        }
    }
    text += "]";
    board.link.send(virtual_board::kTable, Bytes(text.begin(), text.end()));
    is_table_sent = true;
}

void send_value(uint8_t type, int index, const uint8_t *data, int n) {
    Bytes payload;
    virtual_board::put_u16(&payload, (uint16_t)index);
    payload.insert(payload.end(), data, data + n);
    board.link.send(type, payload);
}

void add_field(Bytes *out, uint8_t kind, const Bytes &data) {
    if (out->size() + data.size() + 2 <= 31) { /* ArduinoBLE leaves out what does not fit */
        out->push_back((uint8_t)(data.size() + 1));
        out->push_back(kind);
        out->insert(out->end(), data.begin(), data.end());
    }
}

/* "16480000-0525-..." to 16 bytes, the last first. */
Bytes uuid_bytes(const std::string &text) {
    Bytes bytes;
    std::string digits;
    for (const char letter : text) {
        digits += letter == '-' ? "" : std::string(1, letter);
    }
    for (size_t i = digits.size(); i >= 2; i -= 2) {
        bytes.push_back((uint8_t)std::stoi(digits.substr(i - 2, 2), nullptr, 16));
    }
    return bytes;
}

void end_connection() {
    is_connected = false;
    n_buffers = kBuffers;
    for (Characteristic &one : characteristics()) {
        one.subscription = 0;
    }
}

void take_write(const Bytes &payload) {
    const size_t index = virtual_board::get_u16(payload, 0);
    if (payload.size() < 2 || index >= characteristics().size()) {
        return;
    }
    Characteristic &one = characteristics()[index];
    const size_t n = payload.size() - 2 > (size_t)one.size ? (size_t)one.size : payload.size() - 2;
    one.owner->writeValue(payload.data() + 2, (int)n); /* so a notifying one echoes, as in ArduinoBLE */
    if (one.on_written != nullptr) {
        one.on_written(BLEDevice(), *one.owner);
    }
}

void take(const virtual_board::Message &message) {
    const Bytes &payload = message.payload;
    switch (message.type) {
    case virtual_board::kConnected:
        is_connected = true;
        if (on_device_event[BLEConnected] != nullptr) {
            on_device_event[BLEConnected](BLEDevice());
        }
        break;
    case virtual_board::kDisconnected:
        end_connection();
        if (on_device_event[BLEDisconnected] != nullptr) {
            on_device_event[BLEDisconnected](BLEDevice());
        }
        break;
    case virtual_board::kWrite:
        take_write(payload);
        break;
    case virtual_board::kSubscribe: {
        const size_t index = virtual_board::get_u16(payload, 0);
        if (index < characteristics().size()) {
            characteristics()[index].subscription = virtual_board::get_u16(payload, 2);
        }
        break;
    }
    default:
        std::fprintf(stderr, "virtual board: message of type %d is not understood\n", message.type);
    }
}

} // namespace

namespace virtual_board {

/* What the controller does by itself happens at once; what reaches the sketch waits for BLE.poll(). */
void ble_message(const Message &message) {
    if (message.type == kMtu) {
        mtu = get_u16(message.payload, 0);
    } else if (message.type == kCredit) {
        n_buffers += message.payload.empty() ? 1 : message.payload[0];
    } else if (message.type == kRssi) {
        rssi_dbm = message.payload.empty() ? (int8_t)0 : (int8_t)message.payload[0];
    } else {
        waiting.push_back(message);
        mtu = message.type == kConnected ? 23 : mtu;
        if (message.type == kDisconnected) {
            n_buffers = kBuffers;
            is_connected = false;
        }
    }
}

} // namespace virtual_board

BLECharacteristic::BLECharacteristic(const char *uuid, uint16_t permissions, int value_size)
    : index_((int)characteristics().size()) {
    characteristics().push_back({uuid, permissions, value_size, {}, 0, nullptr, this});
}

int BLECharacteristic::writeValue(const uint8_t value[], int length, bool) {
    Characteristic &one = characteristics()[(size_t)index_];
    const int n = length > one.size ? one.size : length;
    one.value.assign(value, value + n);
    if (!(one.permissions & BLENotify) || one.subscription == 0) {
        send_value(virtual_board::kValue, index_, value, n);
        return n;
    }
    while (is_connected && n_buffers <= 0) {
        board.wait_a_moment();
    }
    if (!is_connected) {
        return 0;
    }
    const int n_sent = n > mtu - 3 ? mtu - 3 : n;
    --n_buffers;
    send_value(virtual_board::kValue, index_, value, n);
    send_value(virtual_board::kNotify, index_, value, n_sent);
    return n_sent;
}

const uint8_t *BLECharacteristic::value() const {
    return characteristics()[(size_t)index_].value.data();
}

int BLECharacteristic::valueLength() const {
    return (int)characteristics()[(size_t)index_].value.size();
}

bool BLECharacteristic::subscribed() {
    return characteristics()[(size_t)index_].subscription != 0;
}

void BLECharacteristic::setEventHandler(int event, void (*handler)(BLEDevice, BLECharacteristic)) {
    if (event == BLEWritten) {
        characteristics()[(size_t)index_].on_written = handler;
    }
}

BLEService::BLEService(const char *uuid) : index_((int)services().size()) {
    services().push_back({uuid, {}, false});
}

void BLEService::addCharacteristic(BLECharacteristic &characteristic) {
    services()[(size_t)index_].characteristics.push_back(characteristic.index());
}

int BLELocalDevice::begin() {
    return board.options.has_radio ? 1 : 0;
}

void BLELocalDevice::poll() {
    std::vector<virtual_board::Message> now;
    now.swap(waiting);
    for (const virtual_board::Message &message : now) {
        take(message);
    }
}

bool BLELocalDevice::connected() const {
    return is_connected;
}

bool BLELocalDevice::disconnect() {
    board.link.send(virtual_board::kDisconnect, {});
    return is_connected;
}

int BLELocalDevice::rssi() {
    return rssi_dbm;
}

bool BLELocalDevice::setAdvertisedServiceUuid(const char *uuid) {
    service_uuid = uuid;
    return true;
}

bool BLELocalDevice::setManufacturerData(uint16_t company, const uint8_t data[], int length) {
    manufacturer.clear();
    virtual_board::put_u16(&manufacturer, company);
    manufacturer.insert(manufacturer.end(), data, data + length);
    return true;
}

bool BLELocalDevice::setLocalName(const char *name) {
    local_name = name;
    return true;
}

void BLELocalDevice::setDeviceName(const char *) {
}

void BLELocalDevice::addService(BLEService &service) {
    services()[(size_t)service.index()].is_added = true;
}

int BLELocalDevice::advertise() {
    Bytes data;
    Bytes response;
    if (!is_table_sent) {
        send_table();
    }
    add_field(&data, 0x01, {0x06});
    add_field(&data, 0x07, uuid_bytes(service_uuid));
    add_field(&data, 0xFF, manufacturer);
    add_field(&response, 0x09, Bytes(local_name.begin(), local_name.end()));
    Bytes payload{(uint8_t)data.size()};
    payload.insert(payload.end(), data.begin(), data.end());
    payload.push_back((uint8_t)response.size());
    payload.insert(payload.end(), response.begin(), response.end());
    board.link.send(virtual_board::kAdvertise, payload);
    return 1;
}

void BLELocalDevice::stopAdvertise() {
    board.link.send(virtual_board::kStopAdvertise, {});
}

void BLELocalDevice::setAdvertisingInterval(uint16_t) {
}

void BLELocalDevice::setConnectionInterval(uint16_t minimum, uint16_t maximum) {
    Bytes payload;
    virtual_board::put_u16(&payload, minimum);
    virtual_board::put_u16(&payload, maximum);
    board.link.send(virtual_board::kParameters, payload);
}

void BLELocalDevice::setSupervisionTimeout(uint16_t) {
}

void BLELocalDevice::setEventHandler(BLEDeviceEvent event, void (*handler)(BLEDevice)) {
    on_device_event[event] = handler;
}

static BLELocalDevice local_device;
BLELocalDevice &BLE = local_device;
