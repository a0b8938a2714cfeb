"""Dagster's own log of a run, into the log file of the process instead of onto the screen."""

import logging

import dagster as dg


@dg.logger(config_schema={}, description="Writes the run's events to home/logs/aftercare.log.")
def run_log_file(_: dg.InitLoggerContext) -> logging.Logger:
    """Return a logger whose records reach the handlers of the root logger only."""
    logger = logging.getLogger("aftercare.run")
    logger.setLevel(logging.INFO)
    return logger
