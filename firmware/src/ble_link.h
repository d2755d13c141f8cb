/* The board on the air: services, advertising, commands in, notifications out. */
#ifndef BLE_LINK_H
#define BLE_LINK_H

#include "tg_frame.h"
#include "tg_link.h"

namespace ble_link {

enum class Out { kSamples, kEvents, kReply, kHealth, kSsiData, kSensimlClass };

/* What is told to everyone who scans. name empty: the stock name of the mode. */
struct Identity {
    uint8_t mode;
    uint8_t side;
    uint64_t device_id;
    const char *name;
};

/* False: there is no radio; the board goes on without. */
bool begin(const Identity &identity);

/* Advertises anew, at once or as soon as the link is gone. */
void set_identity(const Identity &identity);

/* Lets the radio work; commands and subscriptions change only in here. was_streaming: data are wanted,
 * so a link that ends now is lost. */
void poll(bool was_streaming);

/* The oldest command that was not taken yet. */
bool take_command(tg_command_t *command);

bool is_subscribed(Out out);

/* Sends, and learns what fits. Returns how many bytes went out; 0 when nobody listens. */
uint16_t notify(Out out, const uint8_t *data, uint16_t n_bytes);

/* Rows of int16 as a stream of bytes: whole rows in a packet, and what was cut off comes first. */
void send_rows(const uint8_t *data, uint16_t n_bytes);

/* What reads answer. */
void set_info(const uint8_t *data, uint16_t n_bytes);
void set_health(const uint8_t *data, uint16_t n_bytes);
void set_ssi_config(const uint8_t *data, uint16_t n_bytes);

void disconnect();
int8_t rssi_dbm();
tg_link_t &link();

} // namespace ble_link

#endif
