/* Drivers, scale, true rate and gaps, against register-level models of both sensors. */
#include <cstdlib>
#include <vector>

#include "imu_model.h"
#include "tg_imu.h"
#include "tg_rest.h"
#include "tg_stream.h"
#include "tg_test.h"

using virtual_board::Bmi270Model;
using virtual_board::ImuModel;
using virtual_board::Lsm9ds1Model;
using virtual_board::PartRow;

namespace {

uint8_t block[TG_BMI270_CONFIG_BYTES];

/* A bus with one part or none on it, and a clock that only the test moves. */
struct Bench {
    explicit Bench(ImuModel *part) : model(part), bus{this, write, read} {
        tg_imu_init(&imu, &bus, block);
    }

    static bool write(void *context, uint8_t device, uint8_t reg, const uint8_t *data, uint8_t n) {
        Bench *const self = static_cast<Bench *>(context);
        return self->answers(device) && self->model->write(reg, data, n);
    }

    static bool read(void *context, uint8_t device, uint8_t reg, uint8_t *data, uint8_t n) {
        Bench *const self = static_cast<Bench *>(context);
        return self->answers(device) && self->model->read(reg, data, n);
    }

    bool answers(uint8_t device) {
        if (n_until_failure >= 0 && n_until_failure-- == 0) {
            return false;
        }
        return model != nullptr && !is_dead && device == model->device();
    }

    void wait(uint32_t us) {
        now_us += us;
        if (model != nullptr) {
            model->set_time(now_us);
        }
    }

    /* Runs start-up; returns how long it took. */
    uint32_t start_up() {
        while (imu.state < TG_IMU_READY && now_us < 2000000) {
            tg_imu_step(&imu, now_us);
            wait(1000);
        }
        return now_us;
    }

    void produce(const int16_t *canonical) { model->produce(model->from_board(canonical, false)); }

    ImuModel *model;
    tg_bus_t bus;
    tg_imu_t imu;
    uint32_t now_us = 0;
    bool is_dead = false;
    int n_until_failure = -1; /* so many transactions are answered, then one is not */
};

struct Collected {
    std::vector<int16_t> rows;
    std::vector<uint32_t> indices;
    std::vector<uint32_t> gaps;
    tg_sink_t sink{this, sample, gap};

    static void sample(void *context, const int16_t *row, uint32_t index) {
        Collected *const self = static_cast<Collected *>(context);
        self->rows.insert(self->rows.end(), row, row + 6);
        self->indices.push_back(index);
    }

    static void gap(void *context, uint32_t n_missing) {
        static_cast<Collected *>(context)->gaps.push_back(n_missing);
    }
};

int16_t random_count() {
    static uint32_t state = 12345;
    state = state * 1664525U + 1013904223U;
    return (int16_t)(int32_t)((state >> 16) - 32768);
}

void each_part_is_found_and_set_up(const char *name) {
    Lsm9ds1Model lsm;
    Bmi270Model bmi(block);
    Bench rev1(&lsm), rev2(&bmi);
    CHECK(rev1.start_up() < 50000);
    CHECK(rev1.imu.state == TG_IMU_READY && rev1.imu.part->kind == TG_IMU_LSM9DS1);
    CHECK(rev2.start_up() < 500000); /* of which 150 + 80 ms are waiting */
    CHECK(rev2.imu.state == TG_IMU_READY && rev2.imu.part->kind == TG_IMU_BMI270);
    CHECK(tg_imu_start(&rev1.imu, 100, true) && tg_imu_rate_mhz(&rev1.imu) == 238000 && lsm.rate_mhz() == 238000);
    CHECK(tg_imu_start(&rev2.imu, 100, true) && tg_imu_rate_mhz(&rev2.imu) == 200000 && bmi.rate_mhz() == 200000);
    CHECK(tg_imu_start(&rev1.imu, 400, true) && lsm.rate_mhz() == 952000);
    CHECK(tg_imu_start(&rev2.imu, 400, true) && bmi.rate_mhz() == 800000);
    CHECK(tg_imu_start(&rev2.imu, 100, false) && bmi.rate_mhz() == 100000);
    CHECK(tg_imu_start(&rev1.imu, 60000, false) && lsm.rate_mhz() == 952000);
}

void no_part_is_a_failure_and_not_a_hang(const char *name) {
    Bench bench(nullptr);
    bench.start_up();
    tg_imu_batch_t batch;
    int16_t rows[TG_IMU_MAX_ROWS][6];
    CHECK(bench.imu.state == TG_IMU_FAILED && bench.imu.part == nullptr && tg_imu_rate_mhz(&bench.imu) == 0);
    CHECK(!tg_imu_start(&bench.imu, 100, true));
    CHECK(!tg_imu_read(&bench.imu, rows, &batch) && batch.n_rows == 0);
}

void a_wrong_block_is_a_failure(const char *name) {
    uint8_t other[TG_BMI270_CONFIG_BYTES];
    std::memcpy(other, block, sizeof other);
    other[8191] ^= 1;
    Bmi270Model bmi(other);
    Bench bench(&bmi);
    bench.start_up();
    CHECK(bench.imu.state == TG_IMU_FAILED && bench.imu.part->kind == TG_IMU_BMI270);
}

void a_part_that_answers_late_is_found(const char *name) {
    Lsm9ds1Model lsm;
    Bench bench(&lsm);
    bench.is_dead = true;
    tg_imu_step(&bench.imu, bench.now_us);
    bench.is_dead = false;
    bench.start_up();
    CHECK(bench.imu.state == TG_IMU_READY);
}

/* Every count through registers, driver, scale and axes. */
void check_counts(ImuModel *model, int tolerance, const char *name) {
    Bench bench(model);
    int16_t rows[TG_IMU_MAX_ROWS][6];
    tg_imu_batch_t batch;
    bench.start_up();
    CHECK(tg_imu_start(&bench.imu, 100, true));
    for (int i = 0; i < 3000; ++i) {
        int16_t canonical[6];
        for (int16_t &value : canonical) {
            value = random_count();
            value = value == -32768 ? -32767 : value; /* turned round, the part cannot give it */
        }
        bench.produce(canonical);
        CHECK(tg_imu_read(&bench.imu, rows, &batch) && batch.n_rows == 1 && batch.n_left == 0);
        for (int c = 0; c < 6; ++c) {
            CHECK(std::abs(rows[0][c] - canonical[c]) <= tolerance);
        }
    }
}

void bmi270_counts_come_through_exactly(const char *name) {
    Bmi270Model bmi(block);
    check_counts(&bmi, 0, name);
}

void lsm9ds1_counts_come_through_within_one(const char *name) {
    Lsm9ds1Model lsm;
    check_counts(&lsm, 1, name);
}

void full_scale_saturates(const char *name) {
    Lsm9ds1Model lsm;
    Bench bench(&lsm);
    int16_t rows[TG_IMU_MAX_ROWS][6];
    tg_imu_batch_t batch;
    bench.start_up();
    tg_imu_start(&bench.imu, 100, true);
    lsm.produce(PartRow{{32767, -32768, 0, 32767, -32768, 1000}});
    CHECK(tg_imu_read(&bench.imu, rows, &batch));
    CHECK(rows[0][0] == 32767 && rows[0][1] == -32768 && rows[0][2] == 1499);
    CHECK(rows[0][3] == 32767 && rows[0][4] == -32768 && rows[0][5] == 0);
}

/* Rows that count; a stall that overflows the FIFO; the index counts every row that was made. */
void check_overrun(ImuModel *model, int depth, const char *name) {
    Bench bench(model);
    Collected collected;
    tg_stream_t stream;
    int16_t rows[TG_IMU_MAX_ROWS][6];
    tg_imu_batch_t batch;
    const uint32_t period_us = 5000;
    int n_made = 0;
    bench.start_up();
    tg_imu_start(&bench.imu, 200, false);
    tg_stream_init(&stream, &collected.sink);
    tg_stream_start(&stream, 200000, 200, true);
    const auto make = [&](int n) {
        for (int i = 0; i < n; ++i, ++n_made) {
            const int16_t row[6] = {(int16_t)(3 * n_made), 0, 0, 0, 0, 0};
            bench.wait(period_us);
            bench.produce(row);
        }
    };
    const auto read = [&] {
        do {
            CHECK(tg_imu_read(&bench.imu, rows, &batch));
            tg_stream_push(&stream, rows, &batch, bench.now_us);
        } while (batch.n_left > 0);
    };
    for (int i = 0; i < 40; ++i) {
        make(5);
        read();
    }
    make(depth + 17);
    read();
    make(5);
    read();
    CHECK(collected.gaps.size() == 1 && collected.gaps[0] == 17);
    CHECK(stream.n_overruns == 1 && stream.n_lost == 17 && stream.index == (uint32_t)n_made);
    for (size_t i = 0; i < collected.indices.size(); ++i) {
        CHECK(std::abs(collected.rows[6 * i] - (int)(3 * collected.indices[i])) <= 1);
    }
    CHECK(collected.indices.size() == (size_t)n_made - 17);
}

void lsm9ds1_overrun_is_counted(const char *name) {
    Lsm9ds1Model lsm;
    check_overrun(&lsm, 32, name);
}

void bmi270_overrun_is_counted(const char *name) {
    Bmi270Model bmi(block);
    check_overrun(&bmi, 170, name);
}

/* Whichever transaction fails, every row comes or is counted. */
void check_failing_bus(ImuModel *model, int depth, const char *name) {
    Bench bench(model);
    int16_t rows[TG_IMU_MAX_ROWS][6];
    tg_imu_batch_t batch;
    bench.start_up();
    for (int fails_at = 0; fails_at < 12; ++fails_at) {
        tg_imu_start(&bench.imu, 200, false);
        for (int i = 0; i < depth + 3; ++i) {
            const int16_t row[6] = {(int16_t)(3 * i), 0, 0, 0, 0, 0};
            bench.wait(5000);
            bench.produce(row);
        }
        bench.n_until_failure = fails_at;
        int next = 3;
        int n_overruns = 0;
        for (int turn = 0; turn < 20; ++turn) {
            if (!tg_imu_read(&bench.imu, rows, &batch)) {
                continue;
            }
            n_overruns += batch.overrun;
            for (uint8_t i = 0; i < batch.n_rows; ++i, ++next) {
                CHECK(std::abs(rows[i][0] - 3 * next) <= 1);
            }
        }
        bench.n_until_failure = -1;
        CHECK(next == depth + 3 && n_overruns == 1);
    }
}

void a_bus_that_fails_within_a_batch_costs_nothing(const char *name) {
    Lsm9ds1Model lsm;
    check_failing_bus(&lsm, 32, name);
    Bmi270Model bmi(block);
    check_failing_bus(&bmi, 170, name);
}

/* A part that is 3 % fast still gives the project's rate by the board's clock. */
void any_crystal_gives_the_projects_rate(const char *name) {
    Lsm9ds1Model lsm;
    Bench bench(&lsm);
    Collected collected;
    tg_stream_t stream;
    int16_t rows[TG_IMU_MAX_ROWS][6];
    tg_imu_batch_t batch;
    bench.start_up();
    tg_imu_start(&bench.imu, 100, true);
    tg_stream_init(&stream, &collected.sink);
    CHECK(tg_stream_start(&stream, 238000, 100, false) == TG_OK);
    const int16_t row[6] = {0, 0, 2048, 0, 0, 0};
    const uint64_t rate_mhz = 245140;
    uint64_t n_made = 0;
    uint64_t elapsed_us = 0;
    uint32_t at_20_s = 0;
    for (; elapsed_us < 80000000; elapsed_us += 3000) {
        for (; n_made * 1000000000ULL < rate_mhz * elapsed_us; ++n_made) {
            bench.produce(row);
        }
        bench.wait(3000);
        CHECK(tg_imu_read(&bench.imu, rows, &batch));
        tg_stream_push(&stream, rows, &batch, bench.now_us);
        at_20_s = elapsed_us < 20000000 ? stream.index : at_20_s;
    }
    CHECK(std::abs((int)(stream.index - at_20_s) - 6000) <= 3);
    CHECK(std::labs((long)(stream.rate.rate_uhz / 1000) - 245140L) < 100);
    CHECK(collected.gaps.empty());
    CHECK(std::abs(collected.rows[6 * 500 + 2] - 2048) <= 1);
}

/* Rows are seen late, one or many at once, and the measured rate moves with it: what comes out goes on
 * evenly all the same. A rate that is corrected downwards makes an output due between two rows. */
void a_rate_measured_anew_drops_no_row(const char *name) {
    uint32_t random = 1;
    const auto below = [&](uint32_t limit) {
        random = random * 1664525U + 1013904223U;
        return (random >> 8) % limit;
    };
    for (uint32_t latest_us = 0; latest_us <= 24000; latest_us += 500) {
        Collected collected;
        tg_stream_t stream;
        tg_stream_init(&stream, &collected.sink);
        tg_stream_start(&stream, 200000, 100, false);
        const uint32_t n_made = 4000;
        for (uint32_t i = 0; i < n_made;) {
            int16_t rows[TG_IMU_MAX_ROWS][6] = {};
            tg_imu_batch_t batch = {0, 0, false};
            for (uint32_t n = 1 + below(3); n > 0 && i < n_made; --n, ++i, ++batch.n_rows) {
                rows[batch.n_rows][0] = (int16_t)(4 * i);
            }
            const uint32_t late_us = i % 2 ? latest_us : below(latest_us + 1);
            tg_stream_push(&stream, rows, &batch, i * 5000 + late_us);
        }
        CHECK(std::abs((int)stream.index - (int)n_made / 2) <= 25);
        for (size_t i = 1; i < collected.indices.size(); ++i) {
            CHECK(collected.indices[i] == collected.indices[i - 1] + 1);
            const int step = collected.rows[6 * i] - collected.rows[6 * i - 6];
            CHECK(i < 20 || std::abs(step - 8) <= 2);
        }
    }
}

void a_gap_keeps_the_resampled_index_in_time(const char *name) {
    Collected collected;
    tg_stream_t stream;
    tg_imu_batch_t batch = {1, 0, false};
    int16_t rows[1][6] = {{100, 0, 0, 0, 0, 0}};
    tg_stream_init(&stream, &collected.sink);
    tg_stream_start(&stream, 200000, 100, false);
    uint32_t now_us = 0;
    for (int i = 0; i < 2000; ++i) {
        now_us += 5000;
        if (i == 1000) {
            now_us += 500000; /* 100 samples of the part */
            batch.overrun = true;
        }
        tg_stream_push(&stream, rows, &batch, now_us);
        batch.overrun = false;
    }
    CHECK(collected.gaps.size() == 1 && std::abs((int)collected.gaps[0] - 50) <= 9);
    CHECK(std::abs((int)stream.index - 1050) <= 9); /* 8 periods of delay */
    for (size_t i = 1; i < collected.indices.size(); ++i) {
        const uint32_t step = collected.indices[i] - collected.indices[i - 1];
        CHECK(step == 1 || step == collected.gaps[0] + 1);
    }
}

void the_rate_survives_nonsense(const char *name) {
    tg_rate_t rate;
    tg_rate_init(&rate, 200000);
    for (uint32_t i = 0; i < 100; ++i) {
        tg_rate_count(&rate, 10);
        CHECK(!tg_rate_update(&rate, i * 500000)); /* 20 Hz is not plausible */
    }
    CHECK(rate.rate_uhz == 200000000);
    CHECK(tg_rate_samples(&rate, 1000000) == 200 && tg_rate_samples(&rate, UINT32_MAX) == 858993);
}

void rest_shows_a_wrong_scale(const char *name) {
    tg_rest_t rest;
    tg_rest_init(&rest);
    int16_t row[6] = {1182, -1182, 1182, 5, -7, 30};
    for (int i = 0; i < 64; ++i) {
        row[0] = (int16_t)(1180 + i % 5);
        tg_rest_push(&rest, row);
    }
    CHECK(std::abs(rest.magnitude - 2047) <= 2);
    for (int i = 0; i < 64; ++i) {
        row[3] = (int16_t)(i * 30);
        tg_rest_push(&rest, row);
    }
    CHECK(std::abs(rest.magnitude - 2047) <= 2);
}

} // namespace

int main() {
    for (size_t i = 0; i < sizeof block; ++i) {
        block[i] = (uint8_t)(i * 7 + i / 256);
    }
    RUN(each_part_is_found_and_set_up);
    RUN(no_part_is_a_failure_and_not_a_hang);
    RUN(a_wrong_block_is_a_failure);
    RUN(a_part_that_answers_late_is_found);
    RUN(bmi270_counts_come_through_exactly);
    RUN(lsm9ds1_counts_come_through_within_one);
    RUN(full_scale_saturates);
    RUN(lsm9ds1_overrun_is_counted);
    RUN(bmi270_overrun_is_counted);
    RUN(a_bus_that_fails_within_a_batch_costs_nothing);
    RUN(any_crystal_gives_the_projects_rate);
    RUN(a_rate_measured_anew_drops_no_row);
    RUN(a_gap_keeps_the_resampled_index_in_time);
    RUN(the_rate_survives_nonsense);
    RUN(rest_shows_a_wrong_scale);
    return tg_test::finish();
}
