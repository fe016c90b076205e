"""From a decoded picture to the pixels that people and detectors see."""
