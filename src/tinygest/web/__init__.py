"""The page's server: HTTP and WebSocket on top of `workflow`. Routes translate; they do no work."""
