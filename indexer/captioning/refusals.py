"""Whether an answer refuses to describe, or says that it saw no pictures. Pure.

Precision first: only an answer that begins so, in the first person, is one. A caption tells of what others say.
"""

import re
from typing import Final

_APOLOGY: Final = (
    r"(?:(?:i['’]?m|i am)\s+(?:so |very |really |truly )?(?:sorry|afraid)|sorry|i apologi[sz]e(?: for [^.,]{1,60})?"
    r"|my apologies|apologies|unfortunately|regrettably)\s*[,.;:!–—-]*\s*(?:but\s+|that\s+|however,?\s+)?"
)
_UNABLE: Final = (
    r"(?:i\s+(?:really |simply |just )?(?:can(?:not|['’]t| not)|could(?:n['’]t| not)|won['’]t|will not|must not)\s+"
    r"|(?:i['’]?m|i am)\s+(?:currently )?(?:unable|not (?:able|allowed|permitted|programmed|designed))\s+to\s+)"
    r"(?:\w+ly\s+)?(?:be able to\s+)?"
)
_TASK: Final = (
    r"(?:assist|help|describe|provide|fulfil|comply|generate|identify|discuss|analy[sz]e|process|access|view|watch|see"
    r"|answer|continue|create|write|caption|engage|do (?:that|this)|recogni[sz]e|determine|respond|complete|produce)"
)
_SHOWN: Final = r"(?:images?|videos?|frames?|pictures?|photos?|footage|clips?|attachments?)"

_REFUSAL = re.compile(
    rf"(?:{_APOLOGY})?(?:"
    rf"as an? (?:ai|artificial intelligence|(?:large )?language model|multimodal|text-based)\b[^.!?]{{0,60}}\bi\b"
    rf"|{_UNABLE}{_TASK}\b"
    r"|i (?:do not|don['’]t) (?:have|possess) (?:the )?(?:ability|capability|means|access|permission)\b"
    r"|i (?:must|have to|need to) (?:respectfully )?decline\b"
    r"|i(?: am|['’]m) an? (?:ai|(?:large )?language model|text-based)\b"
    rf"|i (?:do not|don['’]t) (?:see|find|have) (?:any|an?|the)\b[^.!?]{{0,30}}\b{_SHOWN}\b"
    rf"|(?:it (?:seems|looks|appears)(?: like| that| as though)? )?(?:"
    rf"you (?:have not|haven['’]t|did not|didn['’]t) (?:provided?|upload(?:ed)?|attach(?:ed)?|shared?|included?)\b"
    rf"|(?:there (?:is|are) )?no {_SHOWN} (?:(?:was|were|has been|have been) )?(?:provided|uploaded|included)\b)"
    rf"|please (?:provide|upload|share|attach) (?:the|an?|your)\b[^.!?]{{0,30}}\b{_SHOWN}\b)",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:says?|said|saying|tells?|told|shouts?|asks?|whispers?|sings?|reads?|replie[sd])\b", re.IGNORECASE
)


def is_refusal(text: str) -> bool:
    """`text` is one clean line."""
    found = _REFUSAL.match(text)
    return found is not None and not _TOLD.search(text, found.end())
