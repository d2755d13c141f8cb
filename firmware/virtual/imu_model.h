/* Register-level models of both motion sensors: what a driver can see of them over I2C.
 *
 * Modelled: identity, soft reset and the time it takes, range, rate, FIFO with its depth and overflow,
 * the BMI270's configuration block. Not modelled: filters, interrupts, self-test, the magnetometer. */
#ifndef IMU_MODEL_H
#define IMU_MODEL_H

#include <cstddef>
#include <cstdint>
#include <deque>
#include <array>

namespace virtual_board {

/* Rotation x y z and acceleration x y z in the part's own axes, in counts at 2000 degrees/s and 16 g. */
using PartRow = std::array<int16_t, 6>;

class ImuModel {
  public:
    virtual ~ImuModel() = default;
    virtual uint8_t device() const = 0;
    /* One transaction. False: no answer. */
    virtual bool write(uint8_t reg, const uint8_t *data, size_t n) = 0;
    virtual bool read(uint8_t reg, uint8_t *data, size_t n) = 0;
    /* The part makes a sample, if it is set up to; it keeps it in its FIFO. */
    virtual void produce(const PartRow &row) = 0;
    /* Rate that the registers ask for, 0.001 Hz; 0 when the part does not measure. */
    virtual uint32_t rate_mhz() const = 0;
    /* Counts of the project's axes and scale -> what this part would have given. */
    virtual PartRow from_board(const int16_t *canonical, bool is_part_scale) const = 0;
    virtual size_t fifo_level() const = 0;
    void set_time(uint64_t now_us) { now_us_ = now_us; }
    /* How often the driver emptied the FIFO: it does when it starts to measure. */
    uint32_t n_starts() const { return n_starts_; }

  protected:
    uint64_t now_us_ = 0;
    uint32_t n_starts_ = 0;
};

class Lsm9ds1Model : public ImuModel {
  public:
    Lsm9ds1Model() { reset(); }
    uint8_t device() const override { return 0x6B; }
    bool write(uint8_t reg, const uint8_t *data, size_t n) override;
    bool read(uint8_t reg, uint8_t *data, size_t n) override;
    void produce(const PartRow &row) override;
    uint32_t rate_mhz() const override;
    PartRow from_board(const int16_t *canonical, bool is_part_scale) const override;
    size_t fifo_level() const override { return fifo_.size(); }

  private:
    void reset();
    void write_one(uint8_t reg, uint8_t value);
    uint8_t read_one(uint8_t reg);
    PartRow in_range(const PartRow &row) const;

    uint8_t regs_[128];
    std::deque<PartRow> fifo_;
    PartRow newest_;
    bool overrun_;
    bool rotation_read_, acceleration_read_;
    uint64_t busy_until_us_ = 0;
};

class Bmi270Model : public ImuModel {
  public:
    /* config_block is (8192): what must be loaded before the part measures. */
    explicit Bmi270Model(const uint8_t *config_block) : expected_(config_block) { reset(); }
    uint8_t device() const override { return 0x68; }
    bool write(uint8_t reg, const uint8_t *data, size_t n) override;
    bool read(uint8_t reg, uint8_t *data, size_t n) override;
    void produce(const PartRow &row) override;
    uint32_t rate_mhz() const override;
    PartRow from_board(const int16_t *canonical, bool is_part_scale) const override;
    size_t fifo_level() const override { return fifo_.size(); }

  private:
    void reset();
    void write_one(uint8_t reg, uint8_t value);
    void load(const uint8_t *data, size_t n);
    void read_fifo(uint8_t *data, size_t n);
    bool measures() const;

    const uint8_t *expected_;
    uint8_t regs_[128];
    uint8_t block_[8192];
    std::deque<PartRow> fifo_;
    bool is_initialised_;
    uint64_t ready_us_;
    uint64_t busy_until_us_ = 0;
};

} // namespace virtual_board

#endif
