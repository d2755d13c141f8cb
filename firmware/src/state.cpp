#include "state.h"

#include <Arduino.h>

#include "ble_link.h"
#include "model.h"
#include "outputs.h"
#include "platform.h"
#include "sampling.h"
#include "tg_bytes.h"
#include "tg_contracts.h"

namespace state {

Board board;

namespace {

uint8_t imu_kind() {
    const tg_imu_t &imu = sampling::imu();
    return imu.state == TG_IMU_READY ? (uint8_t)imu.part->kind : (uint8_t)TG_IMU_NONE;
}

uint8_t faults() {
    uint8_t found = board.faults;
    if (sampling::has_failed()) {
        found |= sampling::imu().part == nullptr ? TG_FAULT_NO_IMU : TG_FAULT_IMU_CONFIGURATION;
    }
    if (outputs::is_payload_too_small()) {
        found |= TG_FAULT_PAYLOAD_TOO_SMALL;
    }
    return found;
}

} // namespace

void begin() {
    settings::load(&board.settings);
    board.mode = TG_MODE_IDLE;
    board.faults = 0;
    board.rate_hz = TG_DEFAULT_RATE_HZ;
    board.n_events = 0;
    board.longest_push_us = 0;
    board.longest_loop_ms = 0;
    model::select(board.settings.side);
}

const tg_health_t *report_health() {
    static tg_health_t health;
    const tg_stream_t &stream = sampling::stream();

    health.mode = board.mode;
    health.imu = imu_kind();
    health.faults = faults();
    health.uptime_ms = millis();
    health.n_samples = stream.index;
    health.n_lost = stream.n_lost;
    health.n_overruns = tg_clip_u16(stream.n_overruns);
    health.n_link_losses = tg_clip_u16(ble_link::link().n_losses);
    health.inference_10us = tg_clip_u16(board.longest_push_us / 10);
    health.free_stack = platform::free_stack();
    health.rest = sampling::rest_counts();
    health.part_rate_dhz = tg_clip_u16(stream.rate.rate_uhz / 100000);
    health.rssi_dbm = ble_link::rssi_dbm();
    health.reset_cause = platform::reset_cause();
    health.longest_loop_ms = tg_clip_u16(board.longest_loop_ms);
    board.longest_push_us = 0;
    board.longest_loop_ms = 0;
    return &health;
}

const tg_info_t *report_info() {
    static tg_info_t info;
    const tg_contract_t *const contract = tg_find_contract(board.rate_hz);

    info.can_recognise = model::count() > 0;
    info.mode = board.mode;
    info.imu = imu_kind();
    info.side = board.settings.side;
    info.n_channels = TG_N_AXES;
    info.n_models = model::count();
    info.model = model::selected();
    info.serial_version = board.settings.serial_version;
    info.device_id = platform::device_id();
    info.rate_mhz = board.rate_hz * 1000U;
    info.part_rate_mhz = tg_imu_rate_mhz(&sampling::imu());
    info.capture_id = contract == nullptr ? nullptr : contract->capture_id;
    info.model_id = model::id();
    info.name = board.settings.name;
    info.version = TG_FIRMWARE_VERSION;
    return &info;
}

} // namespace state
