#include "outputs.h"

#include <Arduino.h>
#include <string.h>

#include "ble_link.h"
#include "serial_link.h"
#include "tg_batcher.h"
#include "tg_bytes.h"
#include "tg_ssi.h"

namespace outputs {

namespace {

Listener the_listener = Listener::kNobody;
tg_batcher_t batcher;
uint16_t rate = 0;
bool has_frames = false;
bool payload_too_small = false;

/* Rows for SensiML's readers, over BLE and serial in packets of the same size. */
uint8_t rows[19 * TG_ROW_BYTES];
uint16_t n_row_bytes = 0;
uint8_t rows_per_packet = 1;

/* A frame that was cut by the link is sent again in smaller ones: its rows are not lost. */
void resend(const uint8_t *frame, size_t n_bytes) {
    tg_sample_header_t header = {(uint8_t)(frame[0] & 0x0F), 1, tg_get_u16(frame + 2), 0};
    uint8_t one[TG_SAMPLE_HEADER_BYTES + TG_ROW_BYTES];

    header.first_index = batcher.next_index - (uint32_t)((n_bytes - TG_SAMPLE_HEADER_BYTES) / TG_ROW_BYTES);
    for (size_t at = TG_SAMPLE_HEADER_BYTES; at < n_bytes; at += TG_ROW_BYTES) {
        tg_put_sample_header(one, &header);
        memcpy(one + TG_SAMPLE_HEADER_BYTES, frame + at, TG_ROW_BYTES);
        ble_link::notify(ble_link::Out::kSamples, one, sizeof one);
        ++header.first_index;
        header.flags &= TG_FLAG_RAW;
    }
}

void shrink_frames() {
    const uint8_t n_rows = tg_rows_per_frame(rate, ble_link::link().payload);
    payload_too_small = n_rows == 0;
    has_frames = n_rows > 0;
    batcher.rows_per_frame = n_rows;
}

void send_samples() {
    const size_t n_bytes = tg_batcher_close(&batcher, millis());
    if (n_bytes == 0) {
        return;
    }
    if (the_listener == Listener::kSerial) {
        serial_link::send_frame(TG_SERIAL_SAMPLES, batcher.frame, (uint16_t)n_bytes);
        return;
    }
    const uint16_t n_sent = ble_link::notify(ble_link::Out::kSamples, batcher.frame, (uint16_t)n_bytes);
    if (n_sent != 0 && n_sent < n_bytes) {
        resend(batcher.frame, n_bytes);
        shrink_frames();
    }
}

void send_rows() {
    if (ble_link::is_subscribed(ble_link::Out::kSsiData)) {
        ble_link::send_rows(rows, n_row_bytes);
    }
    if (serial_link::wants_rows()) {
        serial_link::send_rows(rows, n_row_bytes);
    }
    n_row_bytes = 0;
}

bool has_row_reader() {
    return ble_link::is_subscribed(ble_link::Out::kSsiData) || serial_link::wants_rows();
}

} // namespace

void start(Listener listener, uint16_t rate_hz, uint8_t rows_per_frame, bool is_raw) {
    the_listener = listener;
    rate = rate_hz;
    has_frames = rows_per_frame > 0;
    payload_too_small = false;
    tg_batcher_start(&batcher, rows_per_frame, is_raw ? TG_FLAG_RAW : 0);
    rows_per_packet = tg_rows_per_frame(rate_hz, TG_MAX_PAYLOAD);
    n_row_bytes = 0;
    serial_link::set_framed(listener == Listener::kSerial);
}

void stop() {
    if (has_frames) {
        send_samples();
    }
    the_listener = Listener::kNobody;
    has_frames = false;
    payload_too_small = false;
    serial_link::set_framed(false);
}

Listener listener() {
    return the_listener;
}

bool is_wanted_over_ble() {
    return the_listener == Listener::kBle || ble_link::is_subscribed(ble_link::Out::kSsiData) ||
           ble_link::is_subscribed(ble_link::Out::kSensimlClass);
}

void sample(const int16_t *row) {
    if (has_frames && tg_batcher_push(&batcher, row)) {
        send_samples();
    }
    if (!has_row_reader()) {
        n_row_bytes = 0;
        return;
    }
    n_row_bytes = (uint16_t)(n_row_bytes + tg_put_row(rows + n_row_bytes, row, TG_N_AXES));
    if (n_row_bytes >= rows_per_packet * TG_ROW_BYTES) {
        send_rows();
    }
}

void gap(uint32_t n_missing) {
    if (has_frames) {
        send_samples();
        tg_batcher_gap(&batcher, n_missing);
    }
}

void event(const tg_reported_event_t &reported) {
    uint8_t data[TG_EVENT_BYTES];
    char line[TG_SSI_RESULT_BYTES];

    const size_t n_bytes = tg_put_event(data, &reported);
    if (the_listener == Listener::kSerial) {
        serial_link::send_frame(TG_SERIAL_EVENTS, data, (uint16_t)n_bytes);
    } else {
        ble_link::notify(ble_link::Out::kEvents, data, (uint16_t)n_bytes);
    }
    const size_t n_result = tg_put_sensiml_result(data, reported.model, reported.event.label);
    ble_link::notify(ble_link::Out::kSensimlClass, data, (uint16_t)n_result);
    serial_link::print_line(line, (uint16_t)tg_ssi_result(line, reported.model, &reported.event));
}

bool is_payload_too_small() {
    return payload_too_small;
}

} // namespace outputs
