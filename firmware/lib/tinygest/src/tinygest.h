/* The whole signal path. The kernels of a network have headers of their own. */
#ifndef TINYGEST_H
#define TINYGEST_H

#include "tg_activity.h"
#include "tg_adaptive.h"
#include "tg_box.h"
#include "tg_centre.h"
#include "tg_classifier.h"
#include "tg_decision.h"
#include "tg_extract.h"
#include "tg_features.h"
#include "tg_fft.h"
#include "tg_hysteresis.h"
#include "tg_log2.h"
#include "tg_math.h"
#include "tg_network.h"
#include "tg_path.h"
#include "tg_peak.h"
#include "tg_resampler.h"
#include "tg_ring.h"
#include "tg_segmenter.h"
#include "tg_sliding.h"
#include "tg_trace.h"
#include "tg_trigger.h"
#include "tg_types.h"
#include "tg_window.h"

#endif
