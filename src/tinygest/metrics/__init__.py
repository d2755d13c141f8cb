"""Events against truth: matching, scores, intervals, false alarms per hour."""

from tinygest.metrics.events import FoundEvent, StreamTruth, TrueEvent
from tinygest.metrics.false_alarms import Rate, false_alarm_rate
from tinygest.metrics.intervals import Interval95, bootstrap_macro_f1, wilson
from tinygest.metrics.judgement import Judgement, event_scores, total
from tinygest.metrics.matching import Matching, match_events
from tinygest.metrics.quality import SegmentQuality, segment_quality
from tinygest.metrics.scores import LabelCounts, macro_f1
from tinygest.metrics.segments import SegmentScores, segment_scores

__all__ = [
    "FoundEvent",
    "Interval95",
    "Judgement",
    "LabelCounts",
    "Matching",
    "Rate",
    "SegmentQuality",
    "SegmentScores",
    "StreamTruth",
    "TrueEvent",
    "bootstrap_macro_f1",
    "event_scores",
    "false_alarm_rate",
    "macro_f1",
    "match_events",
    "segment_quality",
    "segment_scores",
    "total",
    "wilson",
]
