#include "ble_link.h"

#include <ArduinoBLE.h>

#include "tg_ssi.h"

namespace ble_link {

namespace {

/* Objects of ArduinoBLE take their memory here, before setup(), and none later. */
BLEService tinygest_service(TG_UUID_SERVICE);
BLECharacteristic info(TG_UUID_INFO, BLERead, TG_INFO_BYTES);
BLECharacteristic samples(TG_UUID_SAMPLES, BLENotify, TG_MAX_PAYLOAD);
BLECharacteristic events(TG_UUID_EVENTS, BLENotify, TG_EVENT_BYTES);
BLECharacteristic control(TG_UUID_CONTROL, BLEWrite | BLEWriteWithoutResponse, TG_MAX_COMMAND);
BLECharacteristic reply(TG_UUID_REPLY, BLENotify, TG_MAX_PAYLOAD);
BLECharacteristic health(TG_UUID_HEALTH, BLERead | BLENotify, TG_HEALTH_BYTES);
BLEService ssi_service(TG_UUID_SSI_SERVICE);
BLECharacteristic ssi_config(TG_UUID_SSI_CONFIG, BLERead, TG_SSI_CONFIG_BYTES);
BLECharacteristic ssi_data(TG_UUID_SSI_DATA, BLERead | BLENotify, TG_MAX_PAYLOAD);
BLEService recognition_service(TG_UUID_RECOGNITION_SERVICE);
BLECharacteristic sensiml_class(TG_UUID_RECOGNITION_CLASS, BLERead | BLENotify, 4);
BLECharacteristic sensiml_features(TG_UUID_RECOGNITION_FEATURES, BLERead | BLENotify, 128);

BLECharacteristic &characteristic_of(Out out) {
    switch (out) {
    case Out::kSamples:
        return samples;
    case Out::kEvents:
        return events;
    case Out::kReply:
        return reply;
    case Out::kHealth:
        return health;
    case Out::kSsiData:
        return ssi_data;
    case Out::kSensimlClass:
    default:
        return sensiml_class;
    }
}

const uint8_t kMaxCommands = 4;
tg_command_t commands[kMaxCommands];
uint8_t n_commands = 0;

tg_link_t the_link = {};
bool has_radio = false;
bool has_begun = false;  /* set by the radio's callbacks, taken by poll */
bool has_ended = false;
bool is_advertising_stale = false;
uint8_t manufacturer[TG_MANUFACTURER_BYTES];

/* Callbacks run inside BLE.poll(): they note, poll() does. */
void on_connected(BLEDevice) {
    has_begun = true;
}

void on_disconnected(BLEDevice) {
    has_ended = true;
}

void on_written(BLEDevice, BLECharacteristic) {
    if (n_commands < kMaxCommands &&
        tg_get_command(control.value(), (size_t)control.valueLength(), &commands[n_commands])) {
        ++n_commands;
    }
}

void add_services() {
    tinygest_service.addCharacteristic(info);
    tinygest_service.addCharacteristic(samples);
    tinygest_service.addCharacteristic(events);
    tinygest_service.addCharacteristic(control);
    tinygest_service.addCharacteristic(reply);
    tinygest_service.addCharacteristic(health);
    ssi_service.addCharacteristic(ssi_config);
    ssi_service.addCharacteristic(ssi_data);
    recognition_service.addCharacteristic(sensiml_class);
    recognition_service.addCharacteristic(sensiml_features);
    BLE.addService(tinygest_service);
    BLE.addService(ssi_service);
    BLE.addService(recognition_service);
}

void advertise() {
    BLE.stopAdvertise();
    BLE.advertise();
    is_advertising_stale = false;
}

/* Of the identity, what advertise() sends. */
void prepare(const Identity &identity) {
    const bool recognises = identity.mode == TG_MODE_RECOGNISE;
    const char *const stock = recognises ? TG_NAME_RECOGNITION : TG_NAME_CAPTURE;
    const char *const name = identity.name[0] != 0 ? identity.name : stock;

    tg_put_manufacturer(manufacturer, identity.mode, identity.side, identity.device_id);
    BLE.setLocalName(name);
    BLE.setDeviceName(name);
    BLE.setAdvertisedServiceUuid(recognises ? TG_UUID_RECOGNITION_SERVICE : TG_UUID_SSI_SERVICE);
    BLE.setManufacturerData(TG_COMPANY, manufacturer, sizeof manufacturer);
}

} // namespace

bool begin(const Identity &identity) {
    has_radio = BLE.begin();
    if (!has_radio) {
        return false;
    }
    BLE.setAdvertisingInterval(160);                            /* 100 ms */
    BLE.setConnectionInterval(12, 24);                          /* 15 to 30 ms */
    BLE.setSupervisionTimeout(TG_SUPERVISION_TIMEOUT_MS / 10);
    BLE.setEventHandler(BLEConnected, on_connected);
    BLE.setEventHandler(BLEDisconnected, on_disconnected);
    control.setEventHandler(BLEWritten, on_written);
    add_services();
    prepare(identity);
    advertise();
    return true;
}

void set_identity(const Identity &identity) {
    if (has_radio) {
        prepare(identity);
        is_advertising_stale = true;
    }
}

void poll(bool was_streaming) {
    if (!has_radio) {
        return;
    }
    BLE.poll();
    if (has_ended || (the_link.is_up && !has_begun && !BLE.connected())) {
        tg_link_end(&the_link, was_streaming);
        n_commands = 0;
        is_advertising_stale = true;
    }
    has_ended = false;
    if (has_begun) {
        tg_link_begin(&the_link);
        has_begun = false;
    }
    if (is_advertising_stale && !BLE.connected()) {
        advertise();
    }
}

bool take_command(tg_command_t *command) {
    if (n_commands == 0) {
        return false;
    }
    *command = commands[0];
    --n_commands;
    for (uint8_t i = 0; i < n_commands; ++i) {
        commands[i] = commands[i + 1];
    }
    return true;
}

bool is_subscribed(Out out) {
    return the_link.is_up && BLE.connected() && characteristic_of(out).subscribed();
}

uint16_t notify(Out out, const uint8_t *data, uint16_t n_bytes) {
    if (!is_subscribed(out)) {
        return 0;
    }
    const int n_sent = characteristic_of(out).writeValue(data, n_bytes);
    if (n_sent <= 0 || !BLE.connected()) {
        return 0;
    }
    tg_link_learn(&the_link, n_bytes, (uint16_t)n_sent);
    return (uint16_t)n_sent;
}

void send_rows(const uint8_t *data, uint16_t n_bytes) {
    uint16_t n_done = 0;
    while (n_done < n_bytes) {
        const uint16_t whole_rows = (uint16_t)(the_link.payload / TG_ROW_BYTES * TG_ROW_BYTES);
        const uint16_t cut = n_done % TG_ROW_BYTES;
        const uint16_t room = cut != 0 ? (uint16_t)(TG_ROW_BYTES - cut) : whole_rows;
        const uint16_t rest = (uint16_t)(n_bytes - n_done);
        const uint16_t n_sent = notify(Out::kSsiData, data + n_done, rest < room ? rest : room);
        if (n_sent == 0) {
            return;
        }
        n_done = (uint16_t)(n_done + n_sent);
    }
}

void set_info(const uint8_t *data, uint16_t n_bytes) {
    if (has_radio) {
        info.writeValue(data, n_bytes);
    }
}

void set_health(const uint8_t *data, uint16_t n_bytes) {
    if (!has_radio) {
        return;
    }
    if (!is_subscribed(Out::kHealth)) {
        health.writeValue(data, n_bytes);
    } else if (the_link.payload >= n_bytes) {
        notify(Out::kHealth, data, n_bytes);
    }
}

void set_ssi_config(const uint8_t *data, uint16_t n_bytes) {
    if (has_radio) {
        ssi_config.writeValue(data, n_bytes);
    }
}

void disconnect() {
    BLE.disconnect();
}

int8_t rssi_dbm() {
    return the_link.is_up ? (int8_t)BLE.rssi() : 0;
}

tg_link_t &link() {
    return the_link;
}

} // namespace ble_link
