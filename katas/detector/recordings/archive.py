"""Read files out of a zip, or out of a folder, without unpacking anything."""

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from types import TracebackType

from katas.dojo.store.errors import DataError


class Archive:
    """The files of a zip or a folder, by their path inside it.

    A zip of one folder, such as GitHub packs, is read as that folder.

    Raises
        DataError  there is nothing at `path`, it is no zip, its list of files is
                   damaged, or one of its files would lie outside.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if self.path.is_dir():
            self._zip: zipfile.ZipFile | None = None
            files = (each for each in self.path.rglob("*") if each.is_file())
            self._names = {
                each.relative_to(self.path).as_posix(): str(each) for each in files
            }
        else:
            self._zip = self._open()
            inside = [n for n in self._zip.namelist() if not n.endswith("/")]
            self._refuse_escapes(inside)
            top = {PurePosixPath(name).parts[0] for name in inside}
            alone = len(top) == 1 and all("/" in name for name in inside)
            skip = len(top.pop()) + 1 if alone else 0
            self._names = {name[skip:]: name for name in inside}

    def _open(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self.path)
        except FileNotFoundError:
            raise DataError(f"There is no {self.path}.") from None
        except (zipfile.BadZipFile, OSError) as error:
            raise DataError(
                f"{self.path} cannot be read as a zip ({error}); bring it again."
            ) from error

    def _refuse_escapes(self, names: Sequence[str]) -> None:
        for name in names:
            path = PurePosixPath(name.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
                raise DataError(
                    f"{self.path} holds {name!r}, which points outside the archive; "
                    "nothing was read from it."
                )

    def names(self) -> list[str]:
        """Return the paths of all files, sorted."""
        return sorted(self._names)

    def read(self, name: str) -> bytes:
        """Return the bytes of one file.

        Raises
            DataError  no such file, or it does not match its checksum.
        """
        if name not in self._names:
            raise DataError(f"{self.path} holds no {name}.")
        try:
            if self._zip is None:
                return Path(self._names[name]).read_bytes()
            return self._zip.read(self._names[name])
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            RuntimeError,
        ) as error:
            raise DataError(
                f"{name} in {self.path} is damaged ({error}); bring it again."
            ) from error

    def fingerprint(self) -> str:
        """Return a hex digest of names, sizes and checksums, without reading files.

        A zip lists a CRC of every file; for a folder the time of change stands in.
        """
        digest = hashlib.sha256()
        for name in self.names():
            if self._zip is None:
                stat = Path(self._names[name]).stat()
                mark = (stat.st_size, stat.st_mtime_ns)
            else:
                info = self._zip.getinfo(self._names[name])
                mark = (info.file_size, info.CRC)
            digest.update(f"{name}\0{mark}\n".encode())
        return digest.hexdigest()

    def contents(self, progress: Callable[[int, int], None] | None = None) -> str:
        """Return the SHA-256 of all names and all bytes: the same however packed.

        progress(done, total), in files, is called now and then.
        """
        digest = hashlib.sha256()
        names = self.names()
        for number, name in enumerate(names):
            inner = hashlib.sha256(self.read(name)).hexdigest()
            digest.update(f"{name}\0{inner}\n".encode())
            if progress and number % 500 == 0:
                progress(number, len(names))
        if progress:
            progress(len(names), len(names))
        return digest.hexdigest()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._zip is not None:
            self._zip.close()
