"""Files made from footage, by the ffmpeg program."""
