"""Networks, training, conversion to int8."""
