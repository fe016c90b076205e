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
EPIPOLAR_WITHIN_PX: Final = 0.6  # a point may stand in the scene if it lands this near its epipolar line
STANDING_PX: Final = 0.35  # a point that moves less than this has not moved
MEASURABLE_PAIRS: Final = 0.7  # share of the pairs of frames that must be measurable for any word on the camera
STATIC_DRIFT: Final = 0.010  # "static": the usual step, kept up for the whole clip, would not lead further ...
STATIC_GROWTH: Final = 0.015  # ... nor make the picture grow or shrink more (log scale) ...
STATIC_STEP: Final = 0.003  # ... eight steps in ten are no longer ...
STATIC_EXCURSION: Final = 0.03  # ... the picture never strays further from where it mostly is ...
STATIC_CHANGED: Final = 0.30  # ... and in half the pairs no more of the picture changes than this
FAR_DRIFT: Final = 0.006  # ... a drift that the first and the last picture, compared directly, do not show is none:
FAR_GROWTH: Final = 0.015  # so little may their shift and growth be
WEAVE_EXCURSION: Final = 0.015  # "static" too: old film that jumps in the gate, no further than this from its place ...
WEAVE_TURNS: Final = 0.55  # ... and at this share of the steps back again ...
WEAVE_STEP_S: Final = 0.2  # ... only judged where frames are this close
MOVING_AGREEING: Final = 0.6  # "pan", "tilt", "zoom": share of the points that follow, in the middle one of the pairs
PAN_TRAVEL: Final = 0.10  # "pan", "tilt": the picture travels this far in all ...
PAN_SPEED: Final = 0.012  # ... at this pace or more (widths a second) ...
PAN_STRAIGHT: Final = 0.75  # ... with this share of its path leading there ...
PAN_AXIS_RATIO: Final = 2.5  # ... and this many times further along than across
ZOOM_GROWTH: Final = 0.08  # "zoom": natural logarithm of the growth, about 8 % ...
ZOOM_STRAIGHT: Final = 0.8  # ... with this share of all growing and shrinking leading there
DOMINANT: Final = 2.0  # pan against zoom: what moves the picture's edge this many times more is named

# -- movement of what is filmed --------------------------------------------------------------------------------------
CHANGED_LUMA: Final = 20  # a pixel has changed if its luma differs by this much from the frame before
STILL_CHANGED: Final = 0.0005  # "still", before a static camera: in nine pairs of ten less of the picture changes
SOME_CHANGED: Final = 0.006  # "some", before a static camera: in half the pairs at least this much changes ...
SOME_CHANGED_AT_TIMES: Final = 0.012  # ... or at least this much in a quarter of them
FAST_CHANGED: Final = 0.03  # "fast", before a static camera: at least this much changes ...
FAST_SPEED: Final = 0.30  # ... and the quickest tenth of what moves goes this fast (widths a second)
FAST_STEP_S: Final = 0.2  # ... only judged where frames are this close
APART_AGREEING: Final = (
    0.65  # "some", before another camera: this share of the points follows the camera's movement ...
)
APART: Final = 0.10  # ... no movement of a camera explains this share of the points ...
APART_CHANGED: Final = 0.02  # ... and once it is taken out, this much still changes;
SLIGHTLY_APART: Final = 0.04  # or fewer points, ...
SLIGHTLY_APART_CHANGED: Final = 0.04  # ... more change ...
SLIGHTLY_APART_AGREEING: Final = 0.8  # ... and a movement of the camera that is surer

# -- light -----------------------------------------------------------------------------------------------------------
BLACK_LUMA: Final = 20  # a pixel this dark is black
BLACK_SHARE: Final = 0.85  # "mostly black": share of black pixels
ALL_BLACK_P99: Final = 24  # "black": hardly a pixel is lighter
DARK_MEAN: Final = 60  # "dark": mean luma below this ...
DARK_SHARE: Final = 0.55  # ... and this share of pixels below DARK_LUMA
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
LIT_P95: Final = 40  # a frame of which 95 in 100 pixels are no lighter than this has no warmth ...
LIT_SHARE: Final = 0.5  # ... and at least this share of the frames must have one for a word on it to be said
STEADY_LIGHT: Final = 0.7  # share of the frames that must meet a word's numbers for the word to be said

# -- colours ---------------------------------------------------------------------------------------------------------
GREY_CHROMA: Final = 11.0  # below this a pixel has no colour
COLOUR_SHARE: Final = 0.15  # a colour is named from this share of the picture on
NEUTRAL_SHARE: Final = 0.30  # black, white and grey from this share on
MOST_COLOURS: Final = 3
MONOCHROME_CHROMA: Final = 3.0  # "black and white": 98 of 100 pixels have less chroma than this
MONOCHROME_SPREAD: Final = 40  # ... in pictures with at least this much contrast ...
MONOCHROME_LIT: Final = 0.35  # ... in this share of the frames, while none of the others has more colour ...
MIDDLE_TONES: Final = (40, 215)  # ... and greys between these lumas ...
MIDDLE_SHARE: Final = 0.2  # ... over this share of them: white letters on black are a title, not an old film
SEPIA_CHROMA: Final = (7.0, 28.0)  # "sepia": mean chroma between these ...
SEPIA_HUE: Final = (50.0, 95.0)  # ... mean hue (degrees) between these ...
SEPIA_SPREAD: Final = 9.0  # ... and hues hardly spread (degrees, standard deviation)

# -- faces -----------------------------------------------------------------------------------------------------------
FACE_LOOKS: Final = 9  # frames looked at
FACE_SURE: Final = 0.87  # the network's score of a sure face: drawn animals stay below
FACE_POSSIBLE: Final = 0.6  # and of a possible one ...
FACE_MORE: Final = 0.25  # ... where more are possible in a greater share of the looks, no number is given
FACE_SEEN: Final = 0.33  # share of the looks in which a face must be sure
CLOSE_UP: Final = 0.42  # height of the largest face in heights of the picture: "close-up" from here on
MEDIUM: Final = (0.12, 0.34)  # "medium shot"
WIDE: Final = 0.085  # "wide shot" up to here
SHOT_STEADY: Final = 0.75  # share of the looks with sure faces that must give the same size ...
SHOT_SEEN: Final = 0.5  # ... and of all looks
