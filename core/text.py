"""Text for finding and sorting: the same for any case, accent, alphabet and normal form."""

import unicodedata

_FROM = "абвгґдезийклмнопрстуфхыэ"
_TO = "abvggdezijklmnoprstufhye"
_PAIRS = {
    "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "", "ь": "", "ю": "yu",
    "я": "ya", "є": "e", "і": "i", "’": "", "'": "",
}  # fmt: skip
_LATIN = str.maketrans(dict(zip(_FROM, _TO, strict=True)) | _PAIRS)


def fold(text: str) -> str:
    """Return the text as the search compares it: lower case, no accents, Latin letters.

    Cyrillic is written in Latin letters, so that the trigram index works in any locale of the
    database and «Кобза» is found as "Kobza".
    """
    # Twice, for taking a letter apart may lay bare a capital, such as the one of a formula.
    once = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", text).casefold())
    plain = unicodedata.normalize("NFKD", once.casefold())
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(bare.translate(_LATIN).split())


def sort_key(text: str) -> str:
    """Return the text in the order of a printed list: case and ё make no difference."""
    return unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
