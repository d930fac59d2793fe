"""Heads of requests that end: uvicorn keeps a request's head in memory however long it grows, and anybody may send one.

A head that is over the bound and goes on is answered 400 and its connection closed.
"""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD = 64 * 1024
_TOO_LARGE = "The head of the request is too large."


class BoundedHeads(HttpToolsProtocol):
    """uvicorn's protocol, with a bound to the bytes of a head. What comes in one piece is bounded by the read."""

    _is_head = True
    _head_size = 0

    def data_received(self, data: bytes) -> None:
        """Take in some bytes, which may end a head, a body, or neither."""
        super().data_received(data)
        if not self._is_head:
            return
        self._head_size += len(data)
        if self._head_size > MAX_HEAD and not self.transport.is_closing():
            self.send_400_response(_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """A body may follow, which the gate bounds."""
        self._is_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Whatever comes now begins another head."""
        self._is_head, self._head_size = True, 0
        super().on_message_complete()
