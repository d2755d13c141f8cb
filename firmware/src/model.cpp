#include "model.h"

#include <string.h>

#include "tg_contracts.h"

#ifdef TINYGEST_MODEL
#if defined(__has_include)
#if !__has_include("tg_models.h")
#error "TINYGEST_MODEL asks for a model and there is none: run `tinygest flash MODEL`, or `tinygest generate` into firmware/lib/tinygest_model"
#endif
#endif
#include "tg_models.h"
#endif

namespace model {

#ifdef TINYGEST_MODEL

namespace {

uint8_t chosen = 0;
tg_classifier_t *classifier = nullptr;
uint8_t id_bytes[TG_ID_BYTES];

const tg_model_t &current() {
    return tg_models[chosen];
}

uint8_t nibble(char digit) {
    return (uint8_t)(digit >= 'a' ? digit - 'a' + 10 : digit - '0');
}

/* 64 lower-case hexadecimal digits, which the generator wrote. */
void read_hex(const char *text, uint8_t *out) {
    for (uint8_t i = 0; i < TG_ID_BYTES; ++i) {
        out[i] = (uint8_t)(nibble(text[2 * i]) << 4 | nibble(text[2 * i + 1]));
    }
}

const char *name_of(uint8_t side) {
    return side == TG_SIDE_LEFT ? "left" : side == TG_SIDE_RIGHT ? "right" : nullptr;
}

} // namespace

uint8_t count() {
    return TG_N_MODELS;
}

void select(uint8_t side) {
    const char *const word = name_of(side);
    chosen = 0;
    for (uint8_t i = 0; word != nullptr && i < TG_N_MODELS; ++i) {
        if (strstr(tg_models[i].name, word) != nullptr) {
            chosen = i;
            break;
        }
    }
    classifier = nullptr;
    read_hex(current().model_id, id_bytes);
}

uint8_t selected() {
    return chosen;
}

const uint8_t *id() {
    return id_bytes;
}

uint16_t rate_hz() {
    const uint32_t rate_uhz = current().rate_uhz;
    return rate_uhz % 1000000U == 0 ? (uint16_t)(rate_uhz / 1000000U) : 0;
}

bool fits() {
    uint8_t capture_id[TG_ID_BYTES];
    const tg_contract_t *const contract = tg_find_contract(rate_hz());
    read_hex(current().capture_id, capture_id);
    return contract != nullptr && current().n_channels == TG_N_AXES &&
           memcmp(contract->capture_id, capture_id, TG_ID_BYTES) == 0;
}

void start() {
    classifier = current().start();
}

void skip(uint32_t n_missing) {
    if (classifier != nullptr) {
        tg_classifier_skip(classifier, n_missing);
    }
}

tg_status_t push(const int16_t *row, tg_event_t *event) {
    return classifier == nullptr ? TG_OK : tg_classifier_push(classifier, row, event);
}

tg_status_t finish(tg_event_t *event) {
    return classifier == nullptr ? TG_OK : tg_classifier_finish(classifier, event);
}

const char *label_name(uint8_t label) {
    return label < current().n_labels ? current().labels[label] : "";
}

#else

uint8_t count() {
    return 0;
}

void select(uint8_t) {
}

uint8_t selected() {
    return kNone;
}

const uint8_t *id() {
    return nullptr;
}

uint16_t rate_hz() {
    return 0;
}

bool fits() {
    return false;
}

void start() {
}

void skip(uint32_t) {
}

tg_status_t push(const int16_t *, tg_event_t *) {
    return TG_OK;
}

tg_status_t finish(tg_event_t *) {
    return TG_OK;
}

const char *label_name(uint8_t) {
    return "";
}

#endif

} // namespace model
