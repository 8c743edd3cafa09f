"""Download one file over HTTP, going on where an earlier download broke off."""

import pooch
import requests

from katas.dojo.store.errors import DataError


def download(url, part, progress, cure):
    """Append to the file `part` what it lacks of url; start over where the server must.

    progress(done)  called with the bytes that `part` holds
    cure            what to do about an error: the end of its sentence
    Raises
        DataError   the server cannot be reached, refuses, or the line breaks: what came
                    so far stays in `part`.
    """
    with open(part, "ab") as file:
        had, received = file.tell(), 0

        def began(response, *_, **__):
            if response.status_code == 200:  # the whole file, whatever was asked for
                file.truncate(0)

        class Counted:
            def write(self, chunk):
                nonlocal received
                received += file.write(chunk)
                progress(file.tell())

            def flush(self):
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
            answer = error.response
            if answer.status_code != 416:  # 416: nothing is lacking
                raise DataError(
                    f"{url} answers {answer.status_code} {answer.reason}; {cure}"
                ) from error
        except requests.RequestException as error:
            said = f"{url.split('/')[2]} cannot be reached"
            if received:
                said = f"The download broke off; {file.tell() / 1e6:.1f} MB are kept"
            raise DataError(f"{said}; {cure}") from error
