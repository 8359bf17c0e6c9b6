"""What can go wrong in a command, as one clear message and an exit code: 1 failed, 2 bad input, 130 interrupted."""

from __future__ import annotations

import errno
import functools
import os
import sys
from collections.abc import Callable
from typing import NoReturn

import typer

from .errors import InputError

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


def guarded[**P](command: Callable[P, None]) -> Callable[P, None]:
    """Turn what can go wrong into one clear message and an exit code."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except InputError as error:
            leave(str(error), BAD_INPUT)
        except KeyboardInterrupt:
            leave("interrupted; what was stored is kept. The same command does it again.", INTERRUPTED)
        except BrokenPipeError:
            # The reader has gone (as with `| head`): nobody is left to tell.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(FAILED) from None
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            leave(f"{where}{error.strerror or error}; {_remedy(error)}, and run it again", FAILED)
        except typer.Exit:
            raise
        except Exception as error:  # the last resort: a fault of ours, or a worker that was killed
            if os.environ.get("WATERBED_DEBUG"):
                raise
            leave(f"the run failed: {type(error).__name__}: {error} (WATERBED_DEBUG=1 shows where)", FAILED)

    return guarded


def _remedy(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "free space there, or choose another folder with --out"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "choose a folder that you may write to with --out"
    return "check that file or folder"


def leave(message: str, code: int) -> NoReturn:
    """Say a message on standard error, a line at a time, and end with an exit code."""
    for line in message.splitlines():
        print(f"waterbed: {line}", file=sys.stderr)
    raise typer.Exit(code)
