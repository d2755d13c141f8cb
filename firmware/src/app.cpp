#include "app.h"

#include <Arduino.h>

#include "ble_link.h"
#include "commands.h"
#include "leds.h"
#include "model.h"
#include "on_event.h"
#include "outputs.h"
#include "platform.h"
#include "sampling.h"
#include "serial_link.h"
#include "state.h"
#include "tg_ssi.h"

namespace app {

namespace {

using namespace state;

void on_model_event(const tg_event_t &event, uint32_t index) {
    ++board.n_events;
    outputs::event({event, model::selected(), (uint16_t)(board.n_events & 0xFFFFU), index});
    on_event(event, model::label_name(event.label));
}

void recognise(const int16_t *row, uint32_t index) {
    tg_event_t event;
    const uint32_t began_us = micros();
    const tg_status_t status = model::push(row, &event);
    const uint32_t took_us = micros() - began_us;

    board.longest_push_us = took_us > board.longest_push_us ? took_us : board.longest_push_us;
    if (status == TG_EVENT) {
        on_model_event(event, index);
    } else if (status == TG_ERROR_NETWORK) {
        board.faults |= TG_FAULT_NETWORK;
    }
}

void on_sample(void *, const int16_t *row, uint32_t index) {
    sampling::note_rest(row);
    outputs::sample(row);
    if (board.mode == TG_MODE_RECOGNISE) {
        recognise(row, index);
    }
}

void on_gap(void *, uint32_t n_missing) {
    outputs::gap(n_missing);
    model::skip(n_missing);
}

const tg_sink_t sink = {nullptr, on_sample, on_gap};

void take_commands() {
    tg_command_t command;
    while (ble_link::take_command(&command)) {
        commands::handle(command, outputs::Listener::kBle);
    }
    if (serial_link::poll(&command)) {
        commands::handle(command, outputs::Listener::kSerial);
    }
    if (outputs::listener() == outputs::Listener::kSerial && !serial_link::is_framed()) {
        outputs::stop(); /* "disconnect" came */
    }
}

void watch_the_link() {
    const bool was_up = ble_link::link().is_up;

    ble_link::poll(outputs::is_wanted_over_ble());
    if (was_up && !ble_link::link().is_up && outputs::listener() == outputs::Listener::kBle) {
        outputs::stop();
    }
    if (tg_link_is_silent(&ble_link::link(), millis())) {
        ble_link::disconnect();
    }
}

tg_led_state_t led_state() {
    if (outputs::listener() != outputs::Listener::kNobody || outputs::is_wanted_over_ble()) {
        return TG_LED_STREAMING;
    }
    return ble_link::link().is_up || serial_link::wants_rows() ? TG_LED_LINKED : TG_LED_WAITING;
}

/* Info names the sensor as soon as it was found. */
void publish_the_sensor() {
    static tg_imu_state_t last = TG_IMU_LOOKING;
    const tg_imu_state_t now = sampling::imu().state;

    if (now != last) {
        last = now;
        commands::publish();
    }
}

void once_a_second() {
    static uint32_t last_ms = 0;
    uint8_t health[TG_HEALTH_BYTES];

    if (millis() - last_ms < 1000) {
        return;
    }
    last_ms = millis();
    publish_the_sensor();
    ble_link::set_health(health, (uint16_t)tg_put_health(health, report_health()));
    if (board.mode != TG_MODE_RECOGNISE) {
        char text[TG_SSI_CONFIG_BYTES];
        serial_link::print_line(text, (uint16_t)commands::ssi_config(text, board.settings.serial_version));
    }
}

void note_loop_time() {
    static uint32_t last_ms = millis();
    const uint32_t now_ms = millis();

    board.longest_loop_ms = now_ms - last_ms > board.longest_loop_ms ? now_ms - last_ms : board.longest_loop_ms;
    last_ms = now_ms;
}

} // namespace

/* The radio first: whatever fails after it can be told. */
void begin() {
    state::begin();
    board.has_radio = ble_link::begin(commands::identity());
    serial_link::begin(board.settings.serial_version);
    leds::begin();
    sampling::begin(&sink);
    commands::start_of_day();
    platform::start_watchdog(TG_WATCHDOG_TIMEOUT_MS);
}

void end_of_stream() {
    tg_event_t event;
    if (board.mode == TG_MODE_RECOGNISE && model::finish(&event) == TG_EVENT) {
        on_model_event(event, sampling::stream().index - 1U);
    }
}

/* A radio that hangs on to a dead link would never advertise again: then the watchdog restarts the board. */
void poll() {
    if (!tg_link_is_stuck(&ble_link::link(), millis())) {
        platform::kick_watchdog();
    }
    note_loop_time();
    watch_the_link();
    sampling::poll();
    take_commands();
    once_a_second();
    leds::update(led_state(), sampling::has_failed());
}

} // namespace app
