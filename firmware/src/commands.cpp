#include "commands.h"

#include <Arduino.h>
#include <string.h>

#include "app.h"
#include "leds.h"
#include "model.h"
#include "platform.h"
#include "sampling.h"
#include "serial_link.h"
#include "state.h"
#include "tg_batcher.h"
#include "tg_bytes.h"
#include "tg_contracts.h"
#include "tg_ssi.h"

namespace commands {

namespace {

using outputs::Listener;
using state::board;

/* What START asks for, and what comes of it. */
struct Start {
    uint8_t mode;
    uint8_t flags;
    uint16_t rate_hz;
    uint16_t payload;
    uint8_t rows_per_frame;
};

struct Answer {
    tg_command_status_t status;
    uint8_t arguments[TG_INFO_BYTES];
    size_t n_arguments;
};

void publish_anew() {
    publish();
    ble_link::set_identity(identity());
}

/* The board cannot ask what a notification carries, but a long one tells. */
void probe_link() {
    static const tg_command_t link_command = {TG_OP_LINK, 0, 0, {0}};
    uint8_t probe[TG_MAX_PAYLOAD] = {0};
    tg_link_t &link = ble_link::link();

    if (link.is_probed || !ble_link::is_subscribed(ble_link::Out::kReply)) {
        return;
    }
    tg_put_reply(probe, &link_command, TG_STATUS_OK, nullptr, 0);
    link.is_probed = ble_link::notify(ble_link::Out::kReply, probe, sizeof probe) > 0;
}

void send_answer(const tg_command_t &command, const Answer &answer, Listener to) {
    uint8_t data[TG_REPLY_HEADER_BYTES + TG_INFO_BYTES];
    const size_t n_bytes = tg_put_reply(data, &command, answer.status, answer.arguments, answer.n_arguments);

    if (to == Listener::kSerial) {
        serial_link::send_frame(TG_SERIAL_CONTROL, data, (uint16_t)n_bytes);
    } else {
        ble_link::notify(ble_link::Out::kReply, data, (uint16_t)n_bytes);
    }
}

/* Rate and frames that suit the mode, the model and the link; start is completed. */
tg_command_status_t plan_start(Start *start, Listener from) {
    const bool recognises = start->mode == TG_MODE_RECOGNISE;
    if (recognises) {
        if (model::count() == 0) {
            return TG_STATUS_NO_MODEL;
        }
        start->rate_hz = model::rate_hz();
    } else if (start->rate_hz == 0) {
        start->rate_hz = board.rate_hz;
    }
    if (tg_find_contract(start->rate_hz) == nullptr || (recognises && !model::fits())) {
        return TG_STATUS_RATE;
    }
    start->payload = from == Listener::kBle ? ble_link::link().payload : TG_MAX_PAYLOAD;
    start->rows_per_frame = tg_rows_per_frame(start->rate_hz, start->payload);
    if (start->rows_per_frame > 0 || (recognises && !(start->flags & TG_START_WITH_SAMPLES))) {
        return TG_STATUS_OK;
    }
    start->rate_hz = tg_highest_rate(start->payload);
    start->rows_per_frame = tg_rows_per_frame(start->rate_hz, start->payload);
    return !recognises && start->flags & TG_START_LOWER_RATE ? TG_STATUS_OK : TG_STATUS_PAYLOAD_TOO_SMALL;
}

void run(const Start &start, Listener listener) {
    const bool is_raw = start.flags & TG_START_RAW;
    const bool has_samples = start.mode == TG_MODE_CAPTURE || start.flags & TG_START_WITH_SAMPLES;
    const bool has_other_mode = board.mode != start.mode;

    board.mode = start.mode;
    board.rate_hz = start.rate_hz;
    board.n_events = 0;
    board.faults &= (uint8_t)~TG_FAULT_NETWORK;
    ble_link::link().is_leaving = false;
    if (start.mode == TG_MODE_RECOGNISE) {
        model::start();
    }
    outputs::start(listener, start.rate_hz, has_samples ? start.rows_per_frame : 0, is_raw);
    sampling::start({start.mode, start.rate_hz, is_raw});
    publish();
    if (has_other_mode) {
        ble_link::set_identity(identity());
    }
}

void do_start(const tg_command_t &command, Listener from, Answer *answer) {
    const uint8_t *const in = command.arguments;
    Start start = {in[0], in[1], tg_get_u16(in + 2), TG_MAX_PAYLOAD, 0};
    const bool is_known = start.mode == TG_MODE_CAPTURE || start.mode == TG_MODE_RECOGNISE;

    if (command.n_arguments != 4 || !is_known || start.flags > 7) {
        answer->status = TG_STATUS_MALFORMED;
        return;
    }
    answer->status = sampling::has_failed() ? TG_STATUS_NO_IMU : plan_start(&start, from);
    if (answer->status == TG_STATUS_OK) {
        run(start, from);
    }
    const tg_started_t started = {start.rate_hz, start.payload, start.rows_per_frame, board.mode};
    answer->n_arguments = tg_put_started(answer->arguments, &started);
}

void do_stop() {
    app::end_of_stream();
    outputs::stop();
    board.mode = TG_MODE_IDLE;
    ble_link::link().is_leaving = true;
    publish_anew();
}

void store_settings(Answer *answer) {
    if (!settings::store(&board.settings)) {
        answer->status = TG_STATUS_STORAGE;
        board.faults |= TG_FAULT_STORAGE;
    }
    publish_anew();
}

void do_set_name(const tg_command_t &command, Answer *answer) {
    if (!settings::set_name(&board.settings, command.arguments, command.n_arguments)) {
        answer->status = TG_STATUS_MALFORMED;
        return;
    }
    store_settings(answer);
}

/* Another side may mean another model: what recognises starts again with it. */
void do_set_side(const tg_command_t &command, Answer *answer) {
    if (command.n_arguments != 1 || command.arguments[0] > TG_SIDE_RIGHT) {
        answer->status = TG_STATUS_MALFORMED;
        return;
    }
    board.settings.side = command.arguments[0];
    model::select(board.settings.side);
    if (board.mode == TG_MODE_RECOGNISE) {
        outputs::stop();
        start_of_day();
    }
    store_settings(answer);
}

void do_set_serial_version(const tg_command_t &command, Answer *answer) {
    const uint8_t version = command.arguments[0];
    if (command.n_arguments != 1 || (version != 1 && version != 2)) {
        answer->status = TG_STATUS_MALFORMED;
        return;
    }
    board.settings.serial_version = version;
    serial_link::set_version(version);
    store_settings(answer);
}

void do_identify(const tg_command_t &command, Answer *answer) {
    if (command.n_arguments != 1) {
        answer->status = TG_STATUS_MALFORMED;
        return;
    }
    leds::identify(command.arguments[0]);
}

void do_command(const tg_command_t &command, Listener from, Answer *answer) {
    switch (command.op) {
    case TG_OP_START:
        return do_start(command, from, answer);
    case TG_OP_STOP:
        return do_stop();
    case TG_OP_IDENTIFY:
        return do_identify(command, answer);
    case TG_OP_HEARTBEAT:
        tg_put_u32(answer->arguments, millis());
        answer->n_arguments = 4;
        return;
    case TG_OP_SET_NAME:
        return do_set_name(command, answer);
    case TG_OP_SET_SIDE:
        return do_set_side(command, answer);
    case TG_OP_GET_INFO:
        answer->n_arguments = tg_put_info(answer->arguments, state::report_info());
        return;
    case TG_OP_GET_HEALTH:
        answer->n_arguments = tg_put_health(answer->arguments, state::report_health());
        return;
    case TG_OP_SET_SERIAL_VERSION:
        return do_set_serial_version(command, answer);
    default:
        answer->status = TG_STATUS_UNKNOWN_COMMAND;
    }
}

} // namespace

void handle(const tg_command_t &command, Listener from) {
    Answer answer = {};

    answer.status = TG_STATUS_OK;
    if (from == Listener::kBle) {
        probe_link();
        if (command.op == TG_OP_HEARTBEAT) {
            tg_link_heartbeat(&ble_link::link(), millis());
        }
    }
    do_command(command, from, &answer);
    send_answer(command, answer, from);
}

void publish() {
    uint8_t info[TG_INFO_BYTES];
    char text[TG_SSI_CONFIG_BYTES];

    ble_link::set_info(info, (uint16_t)tg_put_info(info, state::report_info()));
    const size_t n_text = ssi_config(text, 1);
    ble_link::set_ssi_config(reinterpret_cast<const uint8_t *>(text), (uint16_t)n_text);
}

void start_of_day() {
    Start start = {TG_MODE_CAPTURE, 0, TG_DEFAULT_RATE_HZ, TG_MAX_PAYLOAD, 0};

    if (model::count() > 0) {
        if (model::fits()) {
            start.mode = TG_MODE_RECOGNISE;
            start.rate_hz = model::rate_hz();
        } else {
            board.faults |= TG_FAULT_MODEL_RATE;
        }
    }
    run(start, Listener::kNobody);
}

ble_link::Identity identity() {
    return {board.mode, board.settings.side, platform::device_id(), board.settings.name};
}

size_t ssi_config(char *text, uint8_t version) {
    const uint8_t n_rows = tg_rows_per_frame(board.rate_hz, TG_MAX_PAYLOAD);
    return tg_ssi_config(text, board.rate_hz, version, n_rows);
}

} // namespace commands
