"""Events against truth: matching, scores, intervals, false alarms per hour."""
