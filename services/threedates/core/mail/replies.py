"""What a mail server answered, as it may be kept: its code and words, without anybody's address.

RFC 5321 §4.2.1: 2yz done, 4yz try again, 5yz never. Servers repeat addresses, and what stands before their @, in the
text behind the code; that text goes into attempts, dead letters and logs, where no address may stand.
"""

import re

from threedates.core.mail.addresses import one_line

MAX_TEXT = 160
_ADDRESS = re.compile(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;:=]+")


def is_permanent(code: int) -> bool:
    """Whether trying again is of no use."""
    return 500 <= code <= 599


def reply_text(code: int, text: str, *addresses: str) -> str:
    """Such as ``550 5.1.1 <…> unknown``: one line, with these addresses and all that look like one struck out."""
    line = one_line(text)
    for address in addresses:
        for part in (address, address.partition("@")[0]):
            line = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", "…", line, flags=re.IGNORECASE) if part else line
    line = _ADDRESS.sub("…", line)
    return f"{code} {line[:MAX_TEXT].rstrip()}".rstrip()
