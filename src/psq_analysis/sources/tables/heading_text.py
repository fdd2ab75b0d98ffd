"""What a heading says once everything an exporter hangs on it is taken off: markup, numbers, codes, paths, tags, politeness."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from psq_analysis.sources.files.html import text_of_html
from psq_analysis.sources.vocabulary import plain

_NUMBER = re.compile(
    r"^\s*(?:(?:q|question)\s*(?:n\s*°\s*)?)?\d{1,3}(?:[.\-]\d{1,2})*[a-z]?\s*(?:[.):]|[-–—](?=\s))\s*(?=\S)|^\s*(?:question\s+\d{1,3}|q\d{1,3}|\d{1,2}(?:\.\d{1,2})*)\s+(?-i:(?=[A-ZÀ-Ý]))",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"^\s*\[?(?P<code>[A-Za-z]\w{0,30}(?:\[[^\]]*\])*|\d+X\d+X\w+)\]?\s*(?:[.:]|\s[-–—])\s+(?=\S)"
)
_CODE_WORD = re.compile(
    r"^(?:[A-Z][A-Z0-9_]*|[a-z]+\d+\w*|[A-Za-z]\w*(?:\[[^\]]*\])+|\d+X\d+X\w+|[a-z]+_\w+|id|submitdate|lastpage|startlanguage|seed|token|startdate|datestamp|ipaddr|refurl)$"
)
_TAG = re.compile(
    r"\s*[(\[]\s*(?:facultati\w*|optionnel\w*|obligatoire\w*|requis\w*|required|optional|non obligatoire|si vous (?:le )?(?:souhaitez|voulez)|pas obligatoire"
    r"|plusieurs (?:réponses|choix)[^)\]]*|une seule réponse[^)\]]*|choix multiples?|réponse libre|texte libre)\s*[)\]]\s*|\s*\*+\s*$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:et|bonjour|svp|merci)\W+)?(?:(?:pouvez|pourriez) vous )?(?:(?:merci )?(?:d |de |bien vouloir )*(?:indique[rz]|precise[rz]|saisi(?:r|ssez)|renseigne[rz]|donne[rz](?: nous)?|laisse[rz](?: nous)?|entre[rz]|veuillez (?:indiquer|preciser|saisir|renseigner|entrer))"
    r"|quel(?:le)?s? (?:est|sont))(?: ici)? (?:votre |vos |le |la |les |l )?|^(?:votre|vos|my|your) "
)


@dataclass(frozen=True, kw_only=True)
class Heading:
    """``text`` is shown to people; ``words`` and ``bare`` are looked up in vocabularies, ``bare`` without « Quelle est votre… »."""

    text: str
    words: str
    bare: str


@lru_cache(maxsize=20_000)
def heading_of(raw: str) -> Heading:
    """Return a heading without markup, number, code and path; tags such as « (facultatif) » are only kept in what people read.

    >>> heading_of("<p>3. <b>Adresse postale</b>&nbsp;(facultatif)</p>")
    Heading(text='Adresse postale (facultatif)', words='adresse postale', bare='adresse postale')
    >>> heading_of("Q2 - Quelle est votre commune ?").bare, heading_of("COM. Commune").text
    ('commune', 'Commune')
    >>> heading_of("identite/Nom").text, heading_of("Le bruit et/ou la vitesse ?").text
    ('Nom', 'Le bruit et/ou la vitesse ?')
    """
    text = without_markup(raw)
    text = _without_path(text)
    for _ in range(2):
        number = _NUMBER.match(text)
        text = text[number.end() :] if number and number.end() < len(text) else text
        code = _CODE.match(text)
        if code and _CODE_WORD.match(code["code"]):
            text = text[code.end() :]
    words = plain(_TAG.sub(" ", text)) or plain(text)
    bare = _LEAD.sub("", words).strip() or words
    return Heading(text=text, words=words, bare=bare)


def without_markup(raw: str) -> str:
    """Return a heading on one line, without HTML, Markdown stars or entities.

    >>> without_markup("<p>Qu'est-ce qui ne va pas <em>ici</em>&nbsp;?</p>")
    "Qu'est-ce qui ne va pas ici ?"
    """
    text = text_of_html(raw)
    text = re.sub(r"\*([^*\n]+)\*", r"\1", text)
    return " ".join(text.split())


def _without_path(text: str) -> str:
    """« group/question » and « Group > Question » name the question last; « et/ou » is no path."""
    if re.fullmatch(r"[a-z_]{3,}(?:-[a-z_]+)+", text):  # ODK joins groups and names with hyphens
        return text.rsplit("-", 1)[1]
    parts = [part.strip() for part in re.split(r"/(?!\s)(?<!\s/)|\s[>›]\s", text)]
    if (
        len(parts) < 2
        or not all(parts)
        or re.search(r"\b\w{1,3}/\w{1,3}\b|https?:|/(?:fr|en|oc|id|url|name)\b", text)
    ):
        return text
    head = parts[:-1]
    return parts[-1] if all(len(part.split()) <= 4 and not part.endswith("?") for part in head) else text
