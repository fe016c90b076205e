"""The names of the clips and odd files on the bench, each a test of its own; and how an ingest reads them."""

from functools import lru_cache
from pathlib import Path

from indexer.domain import Reading
from indexer.media import DecodeNotes, read_frames

CLIPS = (
    *("angel_one_vp9_360p.webm", "bangkok_360p.mp4", "bbb_360p_300s.mp4", "cosmos_laundromat_hdr.mp4"),
    *("cosmos_laundromat_sdr.mp4", "drtv_360p.mp4", "gola_360p.mp4", "handheld_seattle.avi", "jobs_vertical.mp4"),
    *("nasa_13013.mp4", "nasa_sls_vp9_5994.webm", "news_fr_360p.mp4", "psd_goldeneye_vfr_drop3.mp4"),
    *("psd_issue195_sar_pal.mp4", "psd_testvideo_720p.mp4", "sintel_excerpt_mpeg1.mpg", "sintel_trailer_480x204.mp4"),
    *("sorenson_sports_svq3.mov", "trip_to_the_moon_trailer.mp4", "tv_mpeg2_interlaced_partial.mpg"),
    "ukulele_360p60.mp4",
)
ODD_REFUSED = (
    *("zero_bytes.mp4", "one_byte.mp4", "text_named.mp4", "html_error_page.mp4", "random_bytes.mp4", "zip_named.mkv"),
    *("jpeg_named.mp4", "audio_only.mp4", "audio_with_cover.mp3", "subtitles_only.mkv", "init_only_no_frames.mp4"),
    *("only_ftyp.mp4", "no_moov_truncated.mp4", "playlist_named.mp4", "playlist_http.m3u8", "playlist_passwd.avi"),
    *("concat_named.mp4", "sdp_named.mp4", "manifest_named.mp4", "huge_claim.gif", "huge_claim.y4m"),
)
ODD_EITHER = ("bomb_8192.mp4", "animation.gif", "truncated_mid_packet.ts")
ODD_INDEXED = (
    *("base.mp4", "rotated_90.mp4", "rotated_180.mp4", "rotated_270.mp4", "anamorphic.mp4", "odd_size.mp4"),
    *("tiny_16x16.mp4", "wide_2048x32.mp4", "timecode_10h.mov", "timecode_dropframe.mov", "mxf_timecode.mxf"),
    *("start_1h.ts", "pts_wrap.ts", "live_no_duration.webm", "video_starts_late.mp4", "garbage_tail.mp4"),
    *("two_files_joined.mp4", "cover_is_stream_0.mp4", "one_frame.mp4", "two_frames.mp4", "fps_240.mp4", "ten_bit.mp4"),
    *("interlaced_tff.mpg", "prores.mov", "old.wmv", "vfr.mkv", "vfr_long_gap.mp4", "two_seconds_a_frame.mp4"),
    *("hdr_pq.mp4", "hdr_hlg.mp4", "telecine.mp4", "time_jump.ts", "size_changes.ts", "edit_list_mid_gop.mp4"),
    *("truncated_faststart.mp4", "bit_flips.mp4", "hole_zeroed.mp4", "lost_packets.ts", "truncated.mkv"),
    *("truncated_fragmented.mp4", "UPPER.MP4", "plain_name.mp4", "canary/local.ts"),
)
ODD_NAMED = (
    "unicode 日本語 🎬 é.mp4",
    "-leading-dash.mp4",
    'quo\'te "double".mp4',
    "percent_%03d.mp4",
    "http:colon.mp4",
    "new\nline.mp4",
    "semi;echo x|y$(z).mp4",
    "[brackets]*?.mp4",
    " spaces .mp4",
    f"{'x' * 200}.mp4",
)


@lru_cache
def all_times(path: Path, index: int) -> tuple[list[tuple[int, int]], Reading]:
    """(t_us, duration_us) of every frame, read as an ingest reads: again, and carefully, where damage shows."""
    notes = DecodeNotes()
    times = [(f.t_us, f.duration_us) for f in read_frames(path, size=(8, 8), stream_index=index, notes=notes)]
    reading = notes.decoded.reading
    if reading == "careful":
        frames = read_frames(path, size=(8, 8), stream_index=index, reading=reading)
        times = [(frame.t_us, frame.duration_us) for frame in frames]
    return times, reading
