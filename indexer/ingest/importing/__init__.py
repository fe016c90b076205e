"""What an archive has written already, taken over: descriptions, subtitles, metadata.

`text_files` (bytes -> text), `csv_rows`, `json_rows`, `subtitle_rows` (text -> cells), `rows` (cells -> what they
mean), `names` (which video), `times` (when), `gathering` (all of a video), `importer` (into the library).
"""
