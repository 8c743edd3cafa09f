"""Download one file over HTTP, resuming where an earlier download broke off."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pooch
import requests

from katas.dojo.store.errors import DataError


def download(
    url: str, part: Path, progress: Callable[[int], None], advice: str
) -> None:
    """Append to the file `part` the missing rest of url; start over where the server must.

    progress(done)  called with the bytes that `part` holds
    advice          what to do about an error: the end of its sentence
    Raises
        DataError   the server cannot be reached, refuses, or the line breaks: what came
                    so far stays in `part`.
    """
    with open(part, "ab") as file:
        had, received = file.tell(), 0

        def began(response: requests.Response, *_: Any, **__: Any) -> None:
            if response.status_code == 200:  # the whole file, whatever was asked for
                file.truncate(0)

        class Counted:
            def write(self, chunk: bytes) -> None:
                nonlocal received
                received += file.write(chunk)
                progress(file.tell())

            def flush(self) -> None:
                file.flush()

        wanted = {"Accept-Encoding": "identity"}
        if had:
            wanted["Range"] = f"bytes={had}-"
        fetch = pooch.HTTPDownloader(
            headers=wanted, hooks={"response": began}, timeout=30, chunk_size=65536
        )
        try:
            fetch(url, Counted(), None)
        except requests.HTTPError as error:
            response = error.response
            assert response is not None  # raise_for_status has set it
            if response.status_code != 416:  # 416: the file is complete
                raise DataError(
                    f"{url} answers {response.status_code} {response.reason}; {advice}"
                ) from error
        except requests.RequestException as error:
            problem = f"{url.split('/')[2]} cannot be reached"
            if received:
                problem = f"The download broke off; {file.tell() / 1e6:.1f} MB are kept"
            raise DataError(f"{problem}; {advice}") from error
