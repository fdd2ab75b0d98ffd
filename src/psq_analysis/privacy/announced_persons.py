"""Names that a word announces: a title, a rank, a function, a relative, « s'appelle », « chez les »."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from psq_analysis.privacy.name_lexicon import is_word
from psq_analysis.privacy.name_tokens import MAX_NAME_WORDS, MIN_LOWER_NAME, Name, Words

# « mairre », « prefaite », « comissaire » are at least this much like the function meant (rapidfuzz, 0 to
# 100).
MISSPELT_FUNCTION = 75

# « le fils Cazaubon », « la mère Lombez »: with the article, the surname of a household.
_OF_A_HOUSEHOLD = frozenset(
    {"fils", "fille", "filles", "pere", "mere", "freres", "soeurs", "jumeaux", "enfants"}
)
_OF_SOMETHING = frozenset({"professeur", "docteur", "maitre"})
_AFTER_MADAM = frozenset(
    {"etait", "avait", "vous", "votre", "nous", "cette", "leur", "dans", "pour", "alors", "mais"}
)
# « madame voisin », « monsieur facteur »: addressed by what one does
_ADDRESSED = frozenset(
    {"facteur", "abbe", "cardinal", "comte", "duc", "marquis", "baron", "prince", "pasteur", "parent"}
    | {"marechal", "voisin", "hote", "prieur", "moine", "clerc", "jardinier", "cousin", "neveu", "roy"}
)
# « madame ben souda »: after these, any word is a surname
_OF_A_LINE = frozenset({"ben", "el", "ait", "ould", "abd", "bent", "van", "von", "dos"})
_BEFORE_A_STRANGER = frozenset({"un", "une", "ce", "cette", "le", "la", "du", "au", "vieux", "jeune"})


def after_title(words: Words, at: int) -> Name | None:
    """« M. Untel », « madame dulhac », « Me D. »."""
    if not _is_title(words, at):
        return None
    following = at + 1
    while words.adjoins(following) and words.tokens[following].plain in words.lexicon.titles | {
        "veuve",
        "vve",
    }:
        following += 1
    if not words.adjoins(following) or _spells_an_acronym(words, following):
        return None
    next_token = words.tokens[following]
    is_article = next_token.plain in words.lexicon.links and not next_token.is_capital
    is_of_something = is_article and words.tokens[at].plain in _OF_SOMETHING
    if (
        is_of_something
        or (is_article and _opens_a_function(words, following))
        or _is_allegory(words, at, following)
    ):
        return None
    # « Monsieur Képi » in quotation marks is a nickname of the function, not a Mr Képi.
    is_quoted = words.text[: words.tokens[at].start].rstrip()[-1:] in {"«", "“", '"'}
    is_counsel = words.tokens[at].plain == "me"
    name = words.take(following, words=not is_quoted, lower=not is_counsel, initials=True, towns=True)
    return name or _lower_case_word(words, at, following)


def _opens_a_function(words: Words, at: int) -> bool:
    """« Monsieur le Bâtonnier », « madame la presidente »: the article announces a common noun."""
    is_article = words.tokens[at].plain in {"le", "la", "l", "les"}
    return is_article and words.adjoins(at + 1) and not words.is_unknown(at + 1)


def _is_allegory(words: Words, at: int, following: int) -> bool:
    """« un Monsieur Propreté », « trop de Monsieur Je-sais-tout »: a post or a type, no person."""
    name = words.tokens[following].plain
    is_phrase = "-" in name and all(is_word(part) for part in name.split("-")) and len(name.split("-")) > 2
    is_post = words.before(at) in {"un", "une", "notre", "votre", "vrai", "vraie", "de"} and words.adjoins(at)
    return is_phrase or (is_post and words.tokens[at].plain in {"monsieur", "madame"} and _is_notion(name))


def _is_notion(name: str) -> bool:
    return name.endswith(("te", "tion", "sion", "ence", "ance", "age", "isme", "ment")) and is_word(name)


def _lower_case_word(words: Words, at: int, following: int) -> Name | None:
    """« mme riviere »: after a shortened title, a common word in lower case can only be a name."""
    token = words.tokens[following]
    is_of_a_line = token.plain in _OF_A_LINE and words.adjoins(following + 1)
    if is_of_a_line or (token.plain in {"le", "la"} and _is_lower_surname(words, following + 1)):
        return Name(following, following + 1)
    is_shortened = words.tokens[at].plain in {"mr", "mme", "mlle"}
    # « monsieur boulanger », not « un monsieur sage », « monsieur facteur »
    is_surname = (
        token.plain in words.lexicon.surname_words - words.lexicon.ranks - _ADDRESSED
        and words.before(at) not in _BEFORE_A_STRANGER
    )
    is_noun = (
        not token.is_capital
        and token.plain not in words.lexicon.kin_of_surname
        and len(token.text) >= MIN_LOWER_NAME
        and words.can_be_name(following)
    )
    return (
        Name(following, following)
        if (is_shortened or is_surname) and is_noun and token.plain not in _AFTER_MADAM
        else None
    )


def _is_title(words: Words, at: int) -> bool:
    token = words.tokens[at]
    if token.plain == "m":
        return words.next_char(at) == "." or (token.text == "M" and not words.is_shouted)
    is_capital_only = token.plain in {"me", "pr", "don", "dona"}
    return token.plain in words.lexicon.titles and (token.text.istitle() or not is_capital_only)


def _is_lower_surname(words: Words, at: int) -> bool:
    """« monsieur le goff », not « monsieur le mairre »: unknown, and far from every function."""
    if not words.adjoins(at) or words.tokens[at].is_capital or not words.is_unknown(at):
        return False
    token, known = words.tokens[at], words.lexicon
    functions = known.functions | known.ranks
    meant = process.extractOne(token.plain, functions, scorer=fuzz.ratio, score_cutoff=MISSPELT_FUNCTION)
    return len(token.text) >= MIN_LOWER_NAME and meant is None


def _spells_an_acronym(words: Words, at: int) -> bool:
    """« M.D.P.H. »: letters and full stops without a blank."""
    return words.gap(at) == "." and len(words.tokens[at].text) == 1


def after_function(words: Words, at: int) -> Name | None:
    """« l'adjudant-chef Untel », « le policier municipal Paul Untel », « l'adjoint dulhac »."""
    known = words.lexicon
    function = words.tokens[at].plain
    is_plural = function.endswith("s")
    forms = {function.split("-")[0], function, function.removesuffix("s")}
    has_rank = not known.ranks.isdisjoint(forms)
    is_officer = has_rank or not known.officers.isdisjoint(forms)
    if not is_officer and known.functions.isdisjoint({function, function.removesuffix("s")}):
        return None
    following = at + 1
    while words.adjoins(following, allow="/") and _modifies(words, following):
        following += 1
    if words.adjoins(following, allow=",") and _two_initials(words, following):
        return Name(following, following + 1)
    is_complement = following > at + 1 and words.before(following) in known.links
    if is_complement or not words.adjoins(following, allow=":("):
        return None
    if words.is_acronym(following) and (is_plural or not is_officer):
        return None
    token = words.tokens[following]
    if token.plain in known.links and not token.is_capital:
        return None
    is_beside = is_officer and words.adjoins(following)
    is_one = is_beside and not is_plural
    return words.take(
        following, words=is_one, lower=is_one and has_rank, initials=not is_plural, towns=is_beside
    )


def _two_initials(words: Words, at: int) -> bool:
    """« mon agresseur, N. K., », not « des agents, R.I.O. visible »."""
    has_third = words.adjoins(at + 2) and len(words.tokens[at + 2].text) == 1
    return (
        not has_third
        and words.adjoins(at + 1)
        and all(
            len(words.tokens[place].text) == 1
            and words.tokens[place].is_capital
            and words.next_char(place) == "."
            for place in (at, at + 1)
        )
    )


def _modifies(words: Words, at: int) -> bool:
    token, known = words.tokens[at], words.lexicon
    is_particle = token.is_capital and token.plain in known.particles
    parts = [token.plain, *token.plain.split("-")]
    return not is_particle and any(part in known.modifiers or part in known.ranks for part in parts)


def after_kin(words: Words, at: int) -> Name | None:
    """« mon voisin Paul », « le petit mathis », « la famille Boulanger », « ma mère, Yvonne Untel »."""
    known, following = words.lexicon, at + 1
    if words.tokens[at].plain not in known.kin or not words.adjoins(following, allow=","):
        return None
    has_article = words.before(at) in {"le", "la", "les"} and words.adjoins(at)
    token = words.tokens[following]
    if token.plain in known.first_names and (words.is_first_name(following) or token.is_capital):
        return words.take_from_first_name(following)
    of_surname = words.tokens[at].plain in known.kin_of_surname and not words.tokens[at].is_capital
    of_a_household = has_article and words.tokens[at].plain in _OF_A_HOUSEHOLD
    is_complement = token.plain in known.links and not token.is_capital
    if is_complement and (name := _of_whom(words, following + 1)):
        return name
    # « le couple Marques »: a plural does not agree with one household, so it is a surname
    of_one_household = of_surname and has_article and token.is_capital and words.tokens[at].plain[-1] != "s"
    is_plural_word = token.plain[-1] == "s" and not (
        words.is_unknown(following) or of_a_household or of_one_household
    )
    if (
        is_complement
        or is_plural_word
        or "," in words.gap(following)
        or not (token.is_capital or of_surname)
        or words.is_acronym(following)
    ):
        return None
    takes_words = (of_surname or (of_a_household and token.is_capital)) and not token.is_shouted
    return words.take(
        following, words=takes_words, lower=of_surname, initials=True, towns=of_surname or of_a_household
    )


def _of_whom(words: Words, at: int) -> Name | None:
    """« femme de Grondin, le cantonnier »: an apposition tells that the word is somebody."""
    if not words.adjoins(at) or words.is_shouted:
        return None
    is_told = (
        words.next_char(at) == ","
        and at + 1 < len(words.tokens)
        and words.tokens[at + 1].plain in {"le", "la", "l", "notre"}
    )
    is_name = (
        words.tokens[at].is_capital
        and not words.is_acronym(at)
        and words.is_unknown(at)
        and words.can_be_name(at)
    )
    return Name(at, at) if is_told and is_name else None


def after_naming(words: Words, at: int) -> Name | None:
    """« il s'appelle Paul », « le dénommé dulhac », « Contact : Untel »."""
    known, following = words.lexicon, at + 1
    defines_a_notion = any(token.plain in {"que", "qu"} for token in words.tokens[max(0, at - 3) : at])
    is_misspelt = words.tokens[at].plain in {"appel", "apel", "apelle"} and words.before(at) in {
        "m",
        "s",
        "t",
    }
    if (
        not (is_misspelt or words.tokens[at].plain in known.naming)
        or defines_a_notion
        or not words.adjoins(following, allow=':=,«"(-')
    ):
        return None
    while words.adjoins(following + 1) and _is_title(words, following):
        following += 1
    token = words.tokens[following]
    of_oneself = words.tokens[at].plain.startswith(("appel", "apel")) and words.before(at) in {"s", "m", "t"}
    any_case = of_oneself or words.tokens[at].plain in known.naming_any_case
    if token.plain in known.first_names and (token.is_capital or words.is_first_name(following)):
        return words.take_from_first_name(following)
    if words.is_acronym(following) and ":" not in words.gap(following):
        return None
    quoted = _quoted_nickname(words, following)
    if quoted:
        return quoted
    is_filled_in = any_case and ":" in words.gap(following)
    if token.is_capital and (is_filled_in or not words.is_shouted):
        return words.take(following, words=any_case, towns=is_filled_in)
    may_be_lower = any_case and "," not in words.gap(following)
    return words.take(following, lower=may_be_lower) if any_case or words.is_shouted else None


def _quoted_nickname(words: Words, at: int) -> Name | None:
    """« on l'appelle « Pépito la Banane » »."""
    start = words.tokens[at].start
    closing = min((place for mark in '»"”' if (place := words.text.find(mark, start)) >= 0), default=-1)
    is_open = any(mark in words.gap(at) for mark in '«"“')
    inside = [place for place in range(at, len(words.tokens)) if words.tokens[place].end <= closing]
    opens = at + 1 if words.tokens[at].plain in {"le", "la", "l"} and len(inside) > 1 else at
    is_nickname = is_open and words.tokens[opens].is_capital and 0 < len(inside) <= MAX_NAME_WORDS
    return Name(at, inside[-1]) if is_nickname else None


def after_the(words: Words, at: int) -> Name | None:
    """« chez les Boulanger », « les Lafargue ont… »: a capital and no plural."""
    following = at + 1
    if words.tokens[at].plain != "les" or words.is_shouted or not words.adjoins(following):
        return None
    token = words.tokens[following]
    is_singular = token.is_capital and not token.is_shouted and token.plain[-1] not in "sxz"
    if not is_singular or not words.can_be_name(following) or len(token.text) < MIN_LOWER_NAME:
        return None
    after = words.tokens[following + 1].plain if following + 1 < len(words.tokens) else ""
    in_a_sentence = not words.tokens[at].is_capital or after in words.lexicon.plural_verbs
    is_household = words.before(at) in {"chez", "famille", "familles"}
    return (
        Name(following, following)
        if is_household or (in_a_sentence and words.is_unknown(following))
        else None
    )
