#include "imu_model.h"

#include <cmath>
#include <cstring>

namespace virtual_board {

namespace {

int16_t saturate(double value) {
    return (int16_t)(value > 32767 ? 32767 : value < -32768 ? -32768 : std::lround(value));
}

void put(uint8_t *out, int16_t value) {
    out[0] = (uint8_t)((uint16_t)value & 0xFF);
    out[1] = (uint8_t)((uint16_t)value >> 8);
}

/* A narrower range gives more counts. */
PartRow scaled(const PartRow &row, int rotation, int acceleration) {
    PartRow out;
    for (size_t i = 0; i < 6; ++i) {
        out[i] = saturate((double)row[i] * (i < 3 ? rotation : acceleration));
    }
    return out;
}

} // namespace

/* --- LSM9DS1 --- */

enum {
    L_WHO_AM_I = 0x0F, L_CTRL1_G = 0x10, L_OUT_G = 0x18, L_CTRL6_XL = 0x20, L_CTRL8 = 0x22,
    L_CTRL9 = 0x23, L_OUT_XL = 0x28, L_FIFO_CTRL = 0x2E, L_FIFO_SRC = 0x2F
};

void Lsm9ds1Model::reset() {
    std::memset(regs_, 0, sizeof regs_);
    regs_[L_WHO_AM_I] = 0x68;
    regs_[L_CTRL8] = 0x04;
    fifo_.clear();
    newest_ = PartRow{};
    overrun_ = rotation_read_ = acceleration_read_ = false;
}

uint32_t Lsm9ds1Model::rate_mhz() const {
    static const uint32_t rates[8] = {0, 14900, 59500, 119000, 238000, 476000, 952000, 0};
    return rates[regs_[L_CTRL1_G] >> 5];
}

PartRow Lsm9ds1Model::in_range(const PartRow &row) const {
    static const int rotation[4] = {8, 4, 1, 1};       /* 245, 500, -, 2000 degrees/s */
    static const int acceleration[4] = {12, 1, 6, 3}; /* 2, 16, 4, 8 g */
    return scaled(row, rotation[(regs_[L_CTRL1_G] >> 3) & 3], acceleration[(regs_[L_CTRL6_XL] >> 3) & 3]);
}

void Lsm9ds1Model::produce(const PartRow &row) {
    if (rate_mhz() == 0) {
        return;
    }
    newest_ = in_range(row);
    if ((regs_[L_CTRL9] & 0x02) == 0 || (regs_[L_FIFO_CTRL] >> 5) != 6) {
        return;
    }
    if (fifo_.size() == 32) {
        fifo_.pop_front();
        overrun_ = true;
    }
    fifo_.push_back(newest_);
}

uint8_t Lsm9ds1Model::read_one(uint8_t reg) {
    if (reg == L_FIFO_SRC) {
        return (uint8_t)(fifo_.size() | (overrun_ ? 0x40U : 0U));
    }
    const bool is_rotation = reg >= L_OUT_G && reg < L_OUT_G + 6;
    if (!is_rotation && !(reg >= L_OUT_XL && reg < L_OUT_XL + 6)) {
        return regs_[reg];
    }
    const PartRow &row = fifo_.empty() ? newest_ : fifo_.front();
    const size_t at = is_rotation ? reg - L_OUT_G : reg - L_OUT_XL + 6U;
    const uint16_t value = (uint16_t)row[at / 2];
    const uint8_t byte = (uint8_t)(at % 2 ? value >> 8 : value & 0xFF);
    rotation_read_ |= at == 5;
    acceleration_read_ |= at == 11;
    if (rotation_read_ && acceleration_read_) {
        rotation_read_ = acceleration_read_ = false;
        if (!fifo_.empty()) {
            fifo_.pop_front();
            overrun_ = false;
        }
    }
    return byte;
}

bool Lsm9ds1Model::read(uint8_t reg, uint8_t *data, size_t n) {
    if (now_us_ < busy_until_us_) {
        return false;
    }
    for (size_t i = 0; i < n; ++i) {
        data[i] = read_one((uint8_t)((reg + (regs_[L_CTRL8] & 0x04 ? i : 0)) & 0x7F));
    }
    return true;
}

void Lsm9ds1Model::write_one(uint8_t reg, uint8_t value) {
    if (reg == L_CTRL8 && value & 0x01) {
        reset();
        busy_until_us_ = now_us_ + 5000;
        return;
    }
    if (reg == L_WHO_AM_I || reg == L_FIFO_SRC) {
        return;
    }
    regs_[reg] = value;
    if (reg == L_FIFO_CTRL && value >> 5 == 0) {
        fifo_.clear();
        overrun_ = rotation_read_ = acceleration_read_ = false;
    } else if (reg == L_FIFO_CTRL) {
        ++n_starts_;
    }
}

bool Lsm9ds1Model::write(uint8_t reg, const uint8_t *data, size_t n) {
    if (now_us_ < busy_until_us_) {
        return false;
    }
    for (size_t i = 0; i < n; ++i) {
        write_one((uint8_t)((reg + i) & 0x7F), data[i]);
    }
    return true;
}

PartRow Lsm9ds1Model::from_board(const int16_t *canonical, bool is_part_scale) const {
    PartRow row;
    for (size_t i = 0; i < 3; ++i) {
        row[i] = saturate(is_part_scale ? canonical[i + 3] : canonical[i + 3] / 1.14688);
        row[i + 3] = saturate(is_part_scale ? canonical[i] : canonical[i] / 1.499136);
    }
    return row;
}

/* --- BMI270 --- */

enum {
    B_CHIP_ID = 0x00, B_INT_STATUS_1 = 0x1D, B_INTERNAL_STATUS = 0x21, B_FIFO_LENGTH = 0x24,
    B_FIFO_DATA = 0x26, B_ACC_CONF = 0x40, B_ACC_RANGE = 0x41, B_GYR_CONF = 0x42, B_GYR_RANGE = 0x43,
    B_FIFO_CONFIG_1 = 0x49, B_INIT_CTRL = 0x59, B_INIT_ADDR = 0x5B, B_INIT_DATA = 0x5E,
    B_PWR_CONF = 0x7C, B_PWR_CTRL = 0x7D, B_CMD = 0x7E
};
static const size_t B_FIFO_ROWS = 2048 / 12;

void Bmi270Model::reset() {
    std::memset(regs_, 0, sizeof regs_);
    std::memset(block_, 0, sizeof block_);
    regs_[B_CHIP_ID] = 0x24;
    regs_[B_ACC_CONF] = 0xA8;
    regs_[B_ACC_RANGE] = 0x02;
    regs_[B_GYR_CONF] = 0xA9;
    regs_[B_FIFO_CONFIG_1] = 0x10;
    regs_[B_PWR_CONF] = 0x03;
    fifo_.clear();
    is_initialised_ = false;
    ready_us_ = 0;
}

bool Bmi270Model::measures() const {
    return is_initialised_ && now_us_ >= ready_us_ && (regs_[B_PWR_CTRL] & 0x06) == 0x06;
}

uint32_t Bmi270Model::rate_mhz() const {
    const int odr = regs_[B_ACC_CONF] & 0x0F;
    if (!measures() || odr != (regs_[B_GYR_CONF] & 0x0F) || odr < 6 || odr > 12) {
        return 0;
    }
    return 25000U << (odr - 6);
}

void Bmi270Model::produce(const PartRow &row) {
    static const int acceleration[4] = {8, 4, 2, 1};
    static const int rotation[8] = {1, 2, 4, 8, 16, 1, 1, 1};
    if (rate_mhz() == 0 || (regs_[B_FIFO_CONFIG_1] & 0xD0) != 0xC0) {
        return;
    }
    if (fifo_.size() == B_FIFO_ROWS) {
        fifo_.pop_front();
        regs_[B_INT_STATUS_1] |= 0x01;
    }
    fifo_.push_back(scaled(row, rotation[regs_[B_GYR_RANGE] & 7], acceleration[regs_[B_ACC_RANGE] & 3]));
}

/* A row that is read in part stays; past the end come 0x8000s. */
void Bmi270Model::read_fifo(uint8_t *data, size_t n) {
    size_t at = 0;
    for (; at + 12 <= n && !fifo_.empty(); at += 12) {
        for (size_t i = 0; i < 6; ++i) {
            put(data + at + 2 * i, fifo_.front()[i]);
        }
        fifo_.pop_front();
    }
    uint8_t row[12] = {0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0};
    for (size_t i = 0; !fifo_.empty() && i < 6; ++i) {
        put(row + 2 * i, fifo_.front()[i]);
    }
    for (size_t i = 0; at < n; ++i, ++at) {
        data[at] = row[i % 12];
    }
}

bool Bmi270Model::read(uint8_t reg, uint8_t *data, size_t n) {
    if (now_us_ < busy_until_us_) {
        return false;
    }
    if (reg == B_FIFO_DATA) {
        read_fifo(data, n);
        return true;
    }
    const size_t length = fifo_.size() * 12;
    regs_[B_FIFO_LENGTH] = (uint8_t)(length & 0xFF);
    regs_[B_FIFO_LENGTH + 1] = (uint8_t)(length >> 8);
    regs_[B_INTERNAL_STATUS] = is_initialised_ && now_us_ >= ready_us_ ? 0x01 : 0x00;
    for (size_t i = 0; i < n; ++i) {
        const uint8_t from = (uint8_t)((reg + i) & 0x7F);
        data[i] = regs_[from];
        if (from == B_INT_STATUS_1) {
            regs_[from] = 0;
        }
    }
    return true;
}

void Bmi270Model::load(const uint8_t *data, size_t n) {
    const size_t at = 2U * ((size_t)regs_[B_INIT_ADDR + 1] * 16U + (regs_[B_INIT_ADDR] & 0x0FU));
    if (at + n <= sizeof block_) {
        std::memcpy(block_ + at, data, n);
    }
}

void Bmi270Model::write_one(uint8_t reg, uint8_t value) {
    if (reg == B_CMD) {
        if (value == 0xB6) {
            reset();
            busy_until_us_ = now_us_ + 1500;
        } else if (value == 0xB0) {
            fifo_.clear();
            regs_[B_INT_STATUS_1] = 0;
            ++n_starts_;
        }
        return;
    }
    regs_[reg] = value;
    if (reg == B_INIT_CTRL && value == 1 && (regs_[B_PWR_CONF] & 1) == 0) {
        is_initialised_ = std::memcmp(block_, expected_, sizeof block_) == 0;
        ready_us_ = now_us_ + 20000;
    }
}

bool Bmi270Model::write(uint8_t reg, const uint8_t *data, size_t n) {
    if (now_us_ < busy_until_us_) {
        return false;
    }
    if (reg == B_INIT_DATA) {
        load(data, n);
        return true;
    }
    for (size_t i = 0; i < n; ++i) {
        write_one((uint8_t)((reg + i) & 0x7F), data[i]);
    }
    return true;
}

PartRow Bmi270Model::from_board(const int16_t *canonical, bool) const {
    const auto turn = [](const int16_t *v, int16_t *out) {
        out[0] = saturate(-(double)v[1]);
        out[1] = saturate(-(double)v[0]);
        out[2] = v[2];
    };
    PartRow row;
    turn(canonical + 3, row.data());
    turn(canonical, row.data() + 3);
    return row;
}

} // namespace virtual_board
