"""A server that speaks OpenAI's chat API and says what it is told to say."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Says = Callable[[dict[str, Any]], tuple[int, str]]
"""The request to (status, content of the message, or the whole body where the status is not 200)."""


class Fake:
    """``asked`` is every request with its headers."""

    def __init__(self, says: Says) -> None:
        self.asked: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.says = says
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                fake.asked.append((dict(self.headers), body))
                status, content = fake.says(body)
                whole = content if status != 200 else json.dumps({"choices": [{"message": {"content": content}}]})
                self.send_response(status)
                self.end_headers()
                self.wfile.write(whole.encode())

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1/chat/completions"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def serving(says: Says) -> Iterator[Fake]:
    fake = Fake(says)
    try:
        yield fake
    finally:
        fake.close()
