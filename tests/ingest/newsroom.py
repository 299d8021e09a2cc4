"""Invented stories in several scripts, and what wire services, copyists and editors do to them."""

from __future__ import annotations

import random
from collections.abc import Sequence

_LETTERS = {
    "en": "etaoinshrdlucmfwypvbgk",
    "de": "enisratdhulcgmobwfkzüäöß",
    "ko": "가나다라마바사아자차카타파하고노도로모보소오조초구누두루무부수우주추기니디리미비시이지",
    "zh": "山水火木金土日月天地人口手足目耳心雨雪风云江河海港城市村路桥车船学校法院新旧大小东西南北",
}
LANGS = tuple(_LETTERS)


def _vocabulary(lang: str) -> list[str]:
    rng = random.Random(lang)
    least, most = (2, 3) if lang in ("ko", "zh") else (3, 9)
    return ["".join(rng.choices(_LETTERS[lang], k=rng.randint(least, most))) for _ in range(3000)]


_WORDS = {lang: _vocabulary(lang) for lang in LANGS}


def story(seed: int, lang: str = "en", sentences: int = 16) -> list[str]:
    """The sentences of an invented article; another seed is another article."""
    rng = random.Random(f"{lang} {seed}")
    gap, stop = ("", "。") if lang == "zh" else (" ", ".")
    made = []
    for _ in range(sentences):
        words = [rng.choice(_WORDS[lang]) for _ in range(rng.randint(9, 16))]
        if rng.random() < 0.4:
            words.insert(rng.randrange(len(words)), str(rng.randint(10, 99_999)))
        made.append(gap.join(words) + stop)
    return made


def page(sentences: Sequence[str]) -> str:
    """Two sentences a paragraph."""
    return "\n".join(" ".join(sentences[i : i + 2]) for i in range(0, len(sentences), 2))


def retold(sentences: Sequence[str], seed: int) -> list[str]:
    """The same story in other words: every fourth word is another one, the order is kept."""
    rng = random.Random(seed)
    return [
        " ".join(rng.choice(_WORDS["en"]) if rng.random() < 0.24 else word for word in sentence.split())
        for sentence in sentences
    ]


def misread(text: str, seed: int, rate: float = 0.03) -> str:
    """As a scanner reads it: letters lost, doubled and mistaken."""
    rng = random.Random(seed)
    noise = [rng.choice(("", letter * 2, "x")) if rng.random() < rate else letter for letter in text]
    return "".join(noise)


def forecast(seed: int) -> str:
    """A weather report: the same words every day, other figures."""
    rng = random.Random(seed)

    def span(low: int, high: int) -> str:
        return f"{rng.randint(low, high)} to {rng.randint(high + 1, 2 * high + 9)}"

    towns = ", ".join(f"{name} {rng.randint(1, 30)}" for name in ("Northtown", "Eastport", "Southbay", "Midvale"))
    return (
        f"Forecast for day {rng.randint(1, 28)}. The office expects {span(1, 9)} mm of rain on the coast and "
        f"{span(1, 9)} mm inland. Morning lows of {span(-9, 9)} degrees, afternoon highs of {span(12, 20)} degrees. "
        f"Waves of {span(1, 3)} metres at sea. {towns}. Chance of rain {rng.randint(10, 90)} per cent, wind at "
        f"{rng.randint(5, 60)} km an hour."
    )
