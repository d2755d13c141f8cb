/* What a host may ask for, over BLE and serial alike. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "ble_link.h"
#include "outputs.h"

namespace commands {

/* Does it and answers. */
void handle(const tg_command_t &command, outputs::Listener from);

/* What runs before anybody has asked: recognition if there is a model, else capture. */
void start_of_day();

/* Brings up to date what a central can read: info and SensiML's configuration. */
void publish();

ble_link::Identity identity();

/* Text of the Simple Streaming Interface's configuration, (TG_SSI_CONFIG_BYTES); returns its length.
 * Over BLE the version is always 1. */
size_t ssi_config(char *text, uint8_t version);

} // namespace commands

#endif
