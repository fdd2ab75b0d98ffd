"""Numbers, intervals, counts and dates as a French reader expects them (CLDR rules, through Babel)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

LOCALE = "fr_FR"
NO_BREAK = "\u00a0"
NARROW = "\u202f"
NO_BREAK_HYPHEN = "\u2011"
NARROW_INTERVAL = 0.02  # two points: rounded to whole ones, its ends would often be the same number


def number(value: float, *, digits: int = 0) -> str:
    """Format a number with a decimal comma, narrow no-break spaces between thousands and a true minus sign.

    >>> number(26498), number(0.5, digits=1), number(-3)
    ('26\u202f498', '0,5', '−3')
    """
    shown = format_decimal(value, format=f"#,##0.{'0' * digits}" if digits else "#,##0", locale=LOCALE)
    return "0" if shown == "-0" else shown.replace("-", "−")


def percent(share: float, *, digits: int = 0) -> str:
    """Format a fraction as a percentage, never « 0 % » for something nor « 100 % » for less than all.

    >>> percent(0.463), percent(0.002), percent(0.998), percent(0)
    ('46\u202f%', 'moins de 1\u202f%', 'plus de 99\u202f%', '0\u202f%')
    """
    step = 10 ** -(digits + 2)
    if 0 < share < step / 2:
        return f"moins de {percent(step, digits=digits)}"
    if 1 - step / 2 < share < 1:
        return f"plus de {percent(1 - step, digits=digits)}"
    shown = format_percent(share, format=f"#,##0.{'0' * digits} %" if digits else "#,##0 %", locale=LOCALE)
    return re.sub(r"\s%", f"{NARROW}%", shown)


def digits(low: float, high: float) -> int:
    """Decimals a share deserves: one where its interval is narrower than two points, else none.

    >>> digits(0.0131, 0.0162), digits(0.402, 0.518)
    (1, 0)
    """
    return 1 if high - low < NARROW_INTERVAL else 0


def interval(low: float, high: float) -> str:
    """Format a 95 % interval of a share or of a difference, in percent or points.

    >>> interval(0.402, 0.518), interval(0.0131, 0.0162)
    ('[40\u202f; 52]', '[1,3\u202f; 1,6]')
    """
    decimals = digits(low, high)
    return f"[{number(100 * low, digits=decimals)}{NARROW}; {number(100 * high, digits=decimals)}]"


def estimate(share: float, low: float, high: float) -> str:
    """Format a share with the decimals its interval allows.

    >>> estimate(0.0147, 0.0131, 0.0162), estimate(0.46, 0.402, 0.518)
    ('1,5\u202f%', '46\u202f%')
    """
    return percent(share, digits=digits(low, high))


def share_with_interval(share: float, low: float, high: float) -> str:
    """Write an estimated share and its interval, with the digits the interval can carry.

    >>> share_with_interval(0.412, 0.36, 0.46)
    '41\u202f% [36\u202f; 46]'
    """
    return f"{estimate(share, low, high)} {interval(low, high)}"


def points(difference: float) -> str:
    """Format a difference of shares in percentage points, with its sign.

    >>> points(-0.123), points(0.011)
    ('−12\xa0points', '+1\xa0point')
    """
    rounded = round(100 * difference)
    sign = "−" if rounded < 0 else "+" if rounded > 0 else ""
    return sign + count(abs(rounded), "point")


def signed(difference: float) -> str:
    """Format a difference of shares in points without the word, for an axis.

    >>> signed(-0.25), signed(0), signed(0.5)
    ('−25', '0', '+50')
    """
    return ("+" if difference > 0 else "") + number(100 * difference)


def count(number_of: int, singular: str, plural: str | None = None) -> str:
    """Format a count with its noun in agreement (French: 0 and 1 are singular).

    >>> count(1, "répondant"), count(1046, "remarque"), count(0, "voix", "voix")
    ('1\xa0répondant', '1\u202f046\xa0remarques', '0\xa0voix')
    """
    noun = singular if abs(number_of) < 2 else plural or f"{singular}s"
    return f"{number(number_of)}{NO_BREAK}{noun}"


def day(date: dt.date) -> str:
    """Format a date in full.

    >>> day(dt.date(2017, 12, 1))
    '1er décembre 2017'
    """
    shown = format_date(date, format="d MMMM y", locale=LOCALE)
    return re.sub(r"^1 ", "1er ", shown)


def period(first: dt.date, last: dt.date) -> str:
    """Format a period, saying month and year once when they are shared.

    >>> period(dt.date(2017, 11, 20), dt.date(2017, 12, 10))
    '20 novembre – 10 décembre 2017'
    """
    if first == last:
        return day(first)
    start = day(first)
    if first.year == last.year:
        start = start.rsplit(" ", 1)[0]
    if (first.year, first.month) == (last.year, last.month):
        start = start.rsplit(" ", 1)[0]
    return f"{start} – {day(last)}"


def enumeration(words: list[str]) -> str:
    """Join words as a sentence does.

    >>> enumeration(["le bruit", "les vols", "l'accueil"])
    "le bruit, les vols et l'accueil"
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"


def inside_quotes(name: str) -> str:
    """Turn the guillemets of a name into inner quotation marks, for a sentence that quotes the name.

    >>> inside_quotes("Une police « sur-mesure »")
    'Une police “sur-mesure”'
    """
    return re.sub(r"«\s*", "“", re.sub(r"\s*»", "”", name))


def capitalised(sentence: str) -> str:
    """Start a sentence with a capital and leave the rest as it is.

    >>> capitalised("élus et gendarmes")
    'Élus et gendarmes'
    """
    return sentence[:1].upper() + sentence[1:]


def typeset(sentence: str) -> str:
    """Put the no-break spaces French typography wants around guillemets, before high punctuation and in « n = 40 »; keep « outre-mer » whole.

    >>> typeset("« Présence » revient : combien ?"), typeset("q < 0,001 outre-mer")
    ('«\xa0Présence\xa0» revient\xa0: combien\u202f?', 'q\xa0<\xa00,001 outre\u2011mer')
    """
    spaced = (
        sentence.replace("« ", f"«{NO_BREAK}").replace(" »", f"{NO_BREAK}»").replace(" :", f"{NO_BREAK}:")
    )
    whole = re.sub(r"\b([nqp]) ([=<>]) (?=\d)", rf"\1{NO_BREAK}\2{NO_BREAK}", spaced)
    whole = re.sub(r"(?i)\b(outre)-(?=mer\b)", r"\1" + NO_BREAK_HYPHEN, whole)
    return re.sub(r" (?=[;?!%])", NARROW, whole)


def slug(text: str) -> str:
    """Turn a title into a name for a folder or an anchor.

    >>> slug("Réunion proximité Condom 14-12-17")
    'reunion-proximite-condom-14-12-17'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
