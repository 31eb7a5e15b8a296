"""What the person at the terminal reads: results on standard output, progress on standard error."""

import sys


class Trouble(Exception):
    """A sentence that tells the person what is wrong and what to do; ends the command."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def say(sentence: str) -> None:
    print(sentence, flush=True)


def progress(sentence: str) -> None:
    print(f"Kamerton: {sentence}", file=sys.stderr, flush=True)
