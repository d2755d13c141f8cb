/* Nothing: prepare.py puts firmware/virtual/bosch/bmi270_config_file.c beside this file. */
