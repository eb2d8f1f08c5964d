"""Dates in languages that comment systems are translated to: month names become English, small words go."""

from __future__ import annotations

import re

from broadsheet.parsing.html.rendering import names

_ENGLISH = "January February March April May June July August September October November December"
# January first: French, German, Spanish, Italian, Portuguese, Dutch, Russian (genitive), Turkish.
_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    "jan feb mär apr mai jun jul aug sep okt nov dez",
    "ene feb mar abr may jun jul ago sep oct nov dic",
    "gen feb mar apr mag giu lug ago set ott nov dic",
)
_TABLE = {name: english for line in _MONTHS for name, english in zip(line.split(), _ENGLISH.split(), strict=True)}
_WORD = re.compile(r"[^\W\d_]+\.?")
_SMALL = names("de del um à a las le la el il alle ore om o às uhr em den der в saat u года г am")
_HOURS = re.compile(r"(\d{1,2})\s?[hH]\s?(\d{2})\b")


def in_english(text: str) -> str:
    """Return a short text that holds a date with its months in English.

    >>> in_english("9 mai 2014 à 16 h 33")
    '9 May 2014  16:33'
    """

    def translate(word: re.Match[str]) -> str:
        bare = word[0].rstrip(".").lower()
        return _TABLE.get(bare) or ("" if bare in _SMALL else word[0])

    return _WORD.sub(translate, _HOURS.sub(r"\1:\2", text)).replace("º", "")
