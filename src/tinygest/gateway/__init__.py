"""Sessions with boards and what is made of them: recordings that lose nothing without saying so.

`session.Session` keeps one board connected and tells its listeners what comes; `recorder.Recorder` is a
listener that writes a journal; `finish.finish` makes a recording of a journal, also of one that a crash
left behind.
"""
