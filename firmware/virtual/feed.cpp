#include "board.h"

namespace virtual_board {

void Feed::begin(ImuModel *imu, const Options &options) {
    imu_ = imu;
    rests_ = options.rests;
    rate_error_ = options.rate_error;
}

void Feed::add_rows(const Bytes &payload) {
    for (std::size_t at = 0; at + 2 <= payload.size() / 12 * 12; at += 2) {
        values_.push_back((int16_t)get_u16(payload, at));
    }
}

bool Feed::start(const Bytes &payload, uint64_t now_us, uint32_t n_starts) {
    const uint32_t meant_for = get_u32(payload, 5);
    if (meant_for != 0 && meant_for != n_starts) {
        return false;
    }
    is_part_scale_ = !payload.empty() && payload[0] == 1;
    feed_rate_mhz_ = get_u32(payload, 1);
    is_playing_ = true;
    has_end_ = false;
    began_us_ = now_us;
    n_made_ = 0;
    return true;
}

void Feed::make_one() {
    const int16_t at_rest[6] = {0, 0, 2048, 0, 0, 0};
    int16_t row[6];
    if (!is_playing_) {
        imu_->produce(imu_->from_board(at_rest, false));
        return;
    }
    for (int16_t &value : row) {
        value = values_.front();
        values_.pop_front();
    }
    imu_->produce(imu_->from_board(row, is_part_scale_));
}

void Feed::restart() {
    if (is_playing_ && n_made_ > 0) {
        clear();
    }
}

void Feed::clear() {
    values_.clear();
    is_playing_ = has_end_ = false;
    rate_mhz_ = 0; /* so that rest begins to count anew */
}

void Feed::overrun(uint32_t n_rows) {
    for (uint32_t i = 0; imu_ != nullptr && i < n_rows && (!is_playing_ || !values_.empty()); ++i) {
        make_one();
        ++n_made_;
    }
}

bool Feed::update(uint64_t now_us) {
    if (imu_ == nullptr) {
        return false;
    }
    imu_->set_time(now_us);
    const uint64_t nominal_mhz = imu_->rate_mhz();
    if (!is_playing_ && nominal_mhz != rate_mhz_) { /* at rest the part runs at what its registers say */
        rate_mhz_ = nominal_mhz;
        began_us_ = now_us;
        n_made_ = 0;
    }
    const uint64_t rate = is_playing_ ? feed_rate_mhz_ : (uint64_t)((double)nominal_mhz * (1 + rate_error_));
    if (nominal_mhz == 0 || (!is_playing_ && !rests_)) {
        return false;
    }
    while ((n_made_ + 1) * 1000000000ULL <= rate * (now_us - began_us_)) {
        if (is_playing_ && values_.empty()) {
            break;
        }
        make_one();
        ++n_made_;
    }
    if (is_playing_ && has_end_ && values_.empty() && imu_->fifo_level() == 0) {
        is_playing_ = rests_ = false; /* silence afterwards: what was fed is what was received */
        return true;
    }
    return false;
}

} // namespace virtual_board
