"""Read files out of a zip, or out of a folder, without unpacking anything."""

import hashlib
import lzma
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from types import TracebackType

from katas.dojo.store.errors import DataError

LARGEST = 200 * 2**20  # [bytes] of one file: 8 hours of text at 100 Hz
# What a Mac and Windows leave in folders and zips beside the files.
LEFTOVERS = re.compile(
    r"(.*/)?(__MACOSX/.*|\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)"
)


def inner_path(name: str) -> str | None:
    """Return a path inside an archive in one spelling, or None if it leads outside.

    "./a//b", "a\\b" and "a/b" are one file, and so are the two ways to write an é.
    """
    path = PurePosixPath(unicodedata.normalize("NFC", name.replace("\\", "/")))
    drive = bool(path.parts) and re.match(r"[A-Za-z]:", path.parts[0])
    if not path.parts or path.is_absolute() or ".." in path.parts or drive:
        return None
    return str(path)


class Archive:
    """The files of a zip or a folder, by their path inside it.

    A zip of one folder, such as GitHub packs, is read as that folder. What a Mac or
    Windows adds to a zip or a folder is left out.

    Raises
        DataError  there is nothing at `path`, it is no zip, its list of files is
                   damaged, it holds a file twice, or a file that would lie outside.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._zip: zipfile.ZipFile | None = None
        self._files: dict[str, Path] = {}
        self._members: dict[str, zipfile.ZipInfo] = {}
        if self.path.is_dir():
            for each in self.path.rglob("*"):
                name = inner_path(each.relative_to(self.path).as_posix())
                if name and each.is_file() and not LEFTOVERS.fullmatch(name):
                    self._files[name] = each
        else:
            self._zip = self._open()
            self._members = self._list(self._zip)

    def _open(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self.path)
        except FileNotFoundError:
            raise DataError(f"There is no {self.path}.") from None
        except (
            zipfile.BadZipFile,
            OSError,
            ValueError,
            NotImplementedError,
            struct.error,
        ) as error:
            raise DataError(
                f"{self.path} cannot be read as a zip ({error}); name a folder, or "
                "bring the zip again."
            ) from error

    def _list(self, file: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
        members: dict[str, zipfile.ZipInfo] = {}
        for info in file.infolist():
            written = _decoded(info)
            name = inner_path(written)
            if info.is_dir() or (name and LEFTOVERS.fullmatch(name)):
                continue
            if name is None:
                raise DataError(
                    f"{self.path} holds {written!r}, which points outside the archive; "
                    "nothing was read from it."
                )
            if name in members:
                raise DataError(f"{self.path} holds {name} twice: keep one of them.")
            members[name] = info
        top = {name.split("/")[0] for name in members}
        alone = len(top) == 1 and all("/" in name for name in members)
        skip = len(top.pop()) + 1 if alone else 0
        return {name[skip:]: info for name, info in members.items()}

    def names(self) -> list[str]:
        """Return the paths of all files, sorted."""
        return sorted(self._members if self._zip else self._files)

    def _size(self, name: str) -> int:
        if self._zip:
            return self._members[name].file_size
        return self._files[name].stat().st_size

    def read(self, name: str) -> bytes:
        """Return the bytes of one file.

        Raises
            DataError  no such file, a file larger than LARGEST, one that does not match
                       its checksum, is encrypted or packed by an unknown method
        """
        if name not in self._members and name not in self._files:
            raise DataError(f"{self.path} holds no {name}.")
        try:
            if (size := self._size(name)) > LARGEST:
                raise DataError(
                    f"{name} in {self.path} has {size / 2**20:,.0f} MB, more than "
                    f"{LARGEST / 2**20:.0f}; split it into several recordings."
                )
            if self._zip is None:
                return self._files[name].read_bytes()
            return self._zip.read(self._members[name])
        except (NotImplementedError, RuntimeError) as error:  # method, encryption
            raise DataError(
                f"{name} in {self.path} cannot be unpacked here ({error}); unpack the "
                "zip with the program that made it, and name the folder."
            ) from error
        except OSError as error:
            if self._zip is None:
                raise DataError(
                    f"{self._files[name]} cannot be read: {error.strerror}."
                ) from error
            raise self._damaged(name, error) from error
        except (
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
            EOFError,
            ValueError,
            struct.error,
        ) as error:
            raise self._damaged(name, error) from error

    def _damaged(self, name: str, error: Exception) -> DataError:
        problem = f"{error}" or type(error).__name__
        return DataError(
            f"{name} in {self.path} is damaged ({problem}); bring it again."
        )

    def fingerprint(self) -> str:
        """Return a hex digest of names, sizes and checksums, without reading files.

        A zip lists a CRC of every file; for a folder the time of change stands in.
        """
        digest = hashlib.sha256()
        for name in self.names():
            if self._zip is None:
                stat = self._files[name].stat()
                mark = (stat.st_size, stat.st_mtime_ns)
            else:
                info = self._members[name]
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


def _decoded(info: zipfile.ZipInfo) -> str:
    """The name of a member; Macs write UTF-8 without saying so."""
    if not info.flag_bits & 0x800:
        try:
            return info.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return info.filename
