"""Which of our four languages a text is written in."""

from __future__ import annotations

import re
from collections import Counter

from complaints.replycheck.normal import normalise

ENOUGH = 2
LEAD = 2
"""How much more must speak for a language than for the next; else the text is mixed."""
LETTERS = 2
"""What a word with letters of one language only counts for; a common word counts for one."""
_LATIN, _CYRILLIC = re.compile("[a-z]"), re.compile("[а-яіїєґ]")
_ALPHABETS = {"en": _LATIN, "ru": _CYRILLIC, "uk": _CYRILLIC, "bg": _CYRILLIC}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_TELLING = {
    "ru": re.compile(r"[ыэ]|ъ[еюя]|тся$|ешь$|ишь$"),
    "uk": re.compile(r"[іїєґ]|[бпвмфрж]'[яю]|ння$|[иу]ться$|ськ|йте?ся$|[аио]вий$|^що|кщо"),
    "bg": re.compile(r"ъ(?![еюя])|ията?$|ето$"),
}
"""Letters and endings that the other languages written in Cyrillic hardly have."""
_COMMON = {
    language: frozenset(words.split())
    for language, words in {
        "en": (
            "a about after all am an and any are as at be been before but by call can could day do "
            "for from had has have here how i if in is it let me more my no not of on one or our "
            "please so sorry thank that the their then there they this to today tomorrow us was we "
            "were what when which who will with would yesterday yet you your"
        ),
        "ru": (
            "а без более больше будем будет будут бы были было быть в вам вами вас ваше ваши во вот "
            "время все всего где даже действительно день для до его ее если еще ждать ждем же за "
            "звонить здесь и из или им их к как какой когда которая которые который кто ли "
            "либо лишь между меня много могли можете можно мы на над надо нам нас наше наши не него "
            "нет ни никогда никто ничего но нужно о об один он она они от очень по под пожалуйста "
            "пока после потому почему при произошло просим просто раз с свой сделать себя сегодня "
            "сейчас со сожалению спасибо сразу так такой там теперь то тогда того тоже только тут у "
            "уже успокойтесь хорошо чего чем что чтобы это этого этом я"
        ),
        "uk": (
            "або але без буває буде будемо будуть будь була були було більше в вам вас ваш ваше вже "
            "ви вибачте вийшло вона вони все всього від він де день для до дуже дякую дякуємо за "
            "завжди завтра зараз зробимо зробити зі й його ким коли кому ласка лише має мене мені "
            "ми може можна між на над нам нас наш наше не немає нехай нового ніхто нічого об один "
            "перепрошую перепрошуємо по при провина проте після раз робимо своє сказали сталося "
            "сьогодні так також там те тепер то того тому треба тут тільки у уже усе хто це цей "
            "цього ця ці чи чого чому шкода ще що щоб щодо я як яка яке який яку якщо які із їх"
        ),
        "bg": (
            "аз ако беше бих благодарим благодаря бъде в вам вас вече ви вие време всичко вчера във "
            "да дали днес до докато е един една едно ето за заради защо и из или им има имаме как "
            "какво като кога когато което които кой която към ли ме мене ми много мога може можем "
            "моля на нали нас наш наша нашата наше нашия не него нещо ни ние никой нищо но ново "
            "някой няма нямаме о обаче от отговор отново още по под преди при само се сега след сме "
            "сте съм със така там те тези то това тогава този трябва трябваше тук утре че чрез ще"
        ),
    }.items()
}
_HOW_OFTEN = Counter(word for words in _COMMON.values() for word in words)


def language_of(text: str, default: str) -> str:
    """Return the language of our own lines; of a text that is short or mixed the default.

    That is, if the text has any letter of the default's alphabet: "Sorry!" is not Bulgarian.
    """
    plain = normalise(text).text
    points = _points(plain)
    if "ё" in text.casefold():
        points["ru"] += LETTERS  # The normal form has none left.
    (first, most), (_, next_most) = points.most_common(2)
    if most >= max(ENOUGH, LEAD * next_most):
        return first
    possible = [each for each, letters in _ALPHABETS.items() if letters.search(plain)]
    likely = [each for each, _ in points.most_common() if each in possible]
    return default if default in possible or not likely else likely[0]


def _points(plain: str) -> Counter[str]:
    points = Counter(dict.fromkeys(_COMMON, 0))
    for word in _WORD.findall(plain):
        for language, common in _COMMON.items():
            points[language] += word in common and _HOW_OFTEN[word] == 1
        for language, letters in _TELLING.items():
            points[language] += LETTERS * bool(letters.search(word))
    return points
