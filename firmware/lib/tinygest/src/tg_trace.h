/* What happens between sample and event, for those who check it.
 *
 * Built with TINYGEST_TRACE defined (for every file), the application must supply the functions
 * below; they are called inside tg_classifier_push, in this order, once a segment. Without it there
 * is nothing left of them. */
#ifndef TG_TRACE_H
#define TG_TRACE_H

#include "tg_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef TINYGEST_TRACE

/* classifier is the tg_classifier_t that was pushed. */
void tg_trace_segment(const void *classifier, const tg_segment_t *segment);
void tg_trace_input(const void *classifier, const int8_t *input, uint16_t n_inputs);
void tg_trace_logits(const void *classifier, const int8_t *logits, uint16_t n_classes);

#define TG_TRACE_SEGMENT(classifier, segment) tg_trace_segment((classifier), (segment))
#define TG_TRACE_INPUT(classifier, input, n) tg_trace_input((classifier), (input), (n))
#define TG_TRACE_LOGITS(classifier, logits, n) tg_trace_logits((classifier), (logits), (n))

#else

#define TG_TRACE_SEGMENT(classifier, segment) ((void)0)
#define TG_TRACE_INPUT(classifier, input, n) ((void)0)
#define TG_TRACE_LOGITS(classifier, logits, n) ((void)0)

#endif

#ifdef __cplusplus
}
#endif

#endif
