"""Every number that decides a word of the `measured` captioner, in one table.

Lengths are shares of the picture's width unless said otherwise, so they hold at any size. Luma is 0..255, chroma and
lightness are CIELAB. Each pair of limits leaves a gap on purpose: what falls into it is not said.
"""

from typing import Final

# -- the frames ------------------------------------------------------------------------------------------------------
FRAMES_PER_SECOND: Final = 8.0
FRAMES_AT_LEAST: Final = 3
FRAMES_AT_MOST: Final = 96  # 12 s at the full rate; longer segments are measured in longer steps
LONGEST_SIDE: Final = 320  # px
SMALLEST_SIDE: Final = 32  # px: below this nothing but colour and light is measured

# -- camera ----------------------------------------------------------------------------------------------------------
LEAST_POINTS: Final = 16  # tracked points a pair of frames needs
LEAST_AGREEING: Final = 0.5  # share of the points that must follow one movement for it to be the camera's
LEAST_QUADRANTS: Final = 3  # quarters of the picture in which those points must lie
LEAST_CELLS: Final = 10  # cells of an 8 x 5 grid they must touch
AGREE_WITHIN_PX: Final = 1.2  # a point follows the movement if it lands this near
STANDING_PX: Final = 0.35  # a point that moves less than this has not moved
MEASURABLE_PAIRS: Final = 0.7  # share of the pairs of frames that must be measurable for any word on the camera
STATIC_DRIFT: Final = 0.010  # "static": the usual step, kept up for the whole clip, would not lead further ...
STATIC_GROWTH: Final = 0.015  # ... nor make the picture grow or shrink more (log scale) ...
STATIC_STEP: Final = 0.003  # ... eight steps in ten are no longer ...
STATIC_EXCURSION: Final = 0.03  # ... the picture never strays further from where it mostly is ...
STATIC_CHANGED: Final = 0.30  # ... and in half the pairs no more of the picture changes than this
MOVING_AGREEING: Final = 0.6  # "pan", "tilt", "zoom": share of the points that follow, in the middle one of the pairs
PAN_TRAVEL: Final = 0.10  # "pan", "tilt": the picture travels this far in all ...
PAN_SPEED: Final = 0.012  # ... at this pace or more (widths a second) ...
PAN_STRAIGHT: Final = 0.75  # ... with this share of its path leading there ...
PAN_AXIS_RATIO: Final = 2.5  # ... and this many times further along than across
ZOOM_GROWTH: Final = 0.08  # "zoom": natural logarithm of the growth, about 8 % ...
ZOOM_STRAIGHT: Final = 0.8  # ... with this share of all growing and shrinking leading there
DOMINANT: Final = 2.0  # pan against zoom: what moves the picture's edge this many times more is named
SHAKE_RESIDUE: Final = 0.005  # "hand-held": rms distance from the path smoothed over a second ...
SHAKE_TURNS: Final = (0.2, 0.55)  # ... this share of the steps turn back (old film jumps oftener) ...
SHAKE_STRAIGHT: Final = 0.3  # ... no more than this share of the path leads anywhere ...
SHAKE_AGREEING: Final = 0.75  # ... this share of the points takes part ...
SHAKE_RATE: Final = 4.0  # ... only judged where frames come this often (a second) ...
SHAKE_SECONDS: Final = 1.5  # ... for this long

# -- movement of what is filmed, judged only where the camera is static ----------------------------------------------
CHANGED_LUMA: Final = 20  # a pixel has changed if its luma differs by this much from the frame before
STILL_CHANGED: Final = 0.0005  # "still": in nine pairs of ten less of the picture changes than this
SOME_CHANGED: Final = 0.006  # "some": in half the pairs at least this much changes
FAST_CHANGED: Final = 0.03  # "fast": at least this much changes ...
FAST_SPEED: Final = 0.30  # ... and the quickest tenth of what moves goes this fast (widths a second)
FAST_STEP_S: Final = 0.2  # ... only judged where frames are this close

# -- light -----------------------------------------------------------------------------------------------------------
BLACK_LUMA: Final = 20  # a pixel this dark is black
BLACK_SHARE: Final = 0.85  # "mostly black": share of black pixels
ALL_BLACK_P99: Final = 24  # "black": hardly a pixel is lighter
DARK_MEAN: Final = 48  # "dark": mean luma below this ...
DARK_SHARE: Final = 0.6  # ... and this share of pixels below DARK_LUMA
DARK_LUMA: Final = 56
BRIGHT_MEAN: Final = 145  # "bright": mean luma above this ...
BRIGHT_DARK_SHARE: Final = 0.15  # ... and fewer pixels than this below DARK_LUMA
SKY_SHARE: Final = 0.45  # "like daylight": this share of the upper third is light and sky blue
SKY_LIGHTNESS: Final = 50.0
SKY_B: Final = -8.0
WARM_B: Final = 26.0  # "warm": the lightest quarter of the picture is this yellow on average ...
WARM_A: Final = -3.0  # ... not greenish ...
WARM_HUE: Final = (45.0, 90.0)  # ... and the whole picture is of one hue between these ...
WARM_SPREAD: Final = 21.0  # ... spread no more than this (degrees, standard deviation)
WARM_LOW_MEAN: Final = 110  # "warm low light": and mean luma below this
COOL_B: Final = -14.0  # "cool": the lightest quarter is this blue
COOL_NOT_GREEN_A: Final = -12.0
HIGH_CONTRAST: Final = 205  # "high contrast": luma from the 5th to the 95th percentile spans this much
LOW_CONTRAST: Final = 60  # "low contrast, hazy": no more than this, in a picture neither dark nor bright ...
HAZY_CHROMA: Final = 22.0  # ... and of faint colours: mean chroma below this
STEADY_LIGHT: Final = 0.7  # share of the frames that must meet a word's numbers for the word to be said

# -- colours ---------------------------------------------------------------------------------------------------------
GREY_CHROMA: Final = 11.0  # below this a pixel has no colour
COLOUR_SHARE: Final = 0.15  # a colour is named from this share of the picture on
NEUTRAL_SHARE: Final = 0.30  # black, white and grey from this share on
MOST_COLOURS: Final = 3
MONOCHROME_CHROMA: Final = 3.0  # "black and white": 98 of 100 pixels have less chroma than this
MONOCHROME_SPREAD: Final = 40  # ... in a picture with at least this much contrast ...
MIDDLE_TONES: Final = (40, 215)  # ... and greys between these lumas ...
MIDDLE_SHARE: Final = 0.2  # ... over this share of it: white letters on black are a title, not an old film
SEPIA_CHROMA: Final = (7.0, 28.0)  # "sepia": mean chroma between these ...
SEPIA_HUE: Final = (50.0, 95.0)  # ... mean hue (degrees) between these ...
SEPIA_SPREAD: Final = 9.0  # ... and hues hardly spread (degrees, standard deviation)

# -- faces -----------------------------------------------------------------------------------------------------------
FACE_FRAMES: Final = 5  # frames looked at
FACE_LOOK_SIDE: Final = 640  # px: frames are enlarged to this, small faces are found better
FACE_LEAST: Final = 0.09  # smallest face, share of the picture's shorter side
FACE_NEIGHBOURS: Final = 7  # agreeing windows for a sure face
FACE_LAX_NEIGHBOURS: Final = 3  # and for a possible one: where one is left over, no number is given
FACE_SAME_OVERLAP: Final = 0.25  # intersection over union of one face in two frames
FACE_AGREEING_FRAMES: Final = 3  # a face counts if found in so many frames (in all, where there are fewer)
FACE_RIVAL: Final = 1.25  # where something this much larger may be a face too, no shot size is given
CLOSE_UP: Final = 0.33  # height of the face in heights of the picture: "close-up" from here on
MEDIUM: Final = (0.12, 0.27)  # "medium shot"
WIDE: Final = 0.085  # "wide shot" up to here
