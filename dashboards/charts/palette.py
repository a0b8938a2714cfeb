"""Colours of charts. Blue and orange are told apart with any colour vision; meaning never rests on colour alone."""

VALUE = "#1f5fa8"
BAR = "#5f92c9"
BAND = "#9dbfe3"
HOLLOW = "#ffffff"
TARGET = "#b85c00"
MUTED = "#b4bcc6"
TEXT = "#1d2733"
MUTED_TEXT = "#56606c"
GRID = "#e6eaf0"
EMPTY = "#eef1f5"

#: From little to much; every step is darker than the one before, so it reads in grey as well.
SEQUENCE = ["#f3f7fc", "#cfe0f2", "#94bbe0", "#4f86c0", "#1f5fa8", "#123a6b"]

#: Lines of several members: told apart by lightness and by the order of the legend too.
SERIES = ["#1f5fa8", "#b85c00", "#12785a", "#7a4b9c", "#5b6673"]
