/* A generated model behind one face, for firmware that does not know what its models are called. */
#ifndef TG_MODEL_H
#define TG_MODEL_H

#include "tg_classifier.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    const char *name;
    const char *model_id;   /* SHA-256 in hexadecimal, of contract and .tflite */
    const char *capture_id; /* of the sensor contract that samples must follow */
    const char *const *labels; /* (n_labels), 0 is unknown */
    uint32_t rate_uhz;         /* samples a second, in micro-hertz */
    uint8_t n_labels;
    uint8_t n_channels;
    /* Starts the model afresh, in memory of its own. Samples go to tg_classifier_push. */
    tg_classifier_t *(*start)(void);
} tg_model_t;

#ifdef __cplusplus
}
#endif

#endif
