"""Only the questions an analyst asks about: the answers to the others are set aside, and counted."""

from __future__ import annotations

from dataclasses import replace

from psq_analysis.sources.errors import BadMapping
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Contribution, Reading, Reject
from psq_analysis.sources.vocabulary import plain

OTHER_QUESTION = "réponse à une autre question que celles de la correspondance"


def only_asked(reading: Reading, mapping: Mapping) -> Reading:
    """Return the reading with the free answers to the questions the mapping names, all of them when it names none.

    A question is named by some of its words, compared without case or accents. Who answered no other question becomes a reject,
    with the reason; who gave no free answer at all stays. Raises :class:`BadMapping` when no question of the file fits.
    """
    wanted = [plain(words) for words in mapping.questions]
    if not wanted:
        return reading
    seen = {question for contribution in reading.contributions for _, question, _ in contribution.remarks}
    kept = {question for question in seen if any(words in plain(question) for words in wanted)}
    if seen and not kept:
        raise BadMapping(
            f"correspondance : aucune question du fichier ne contient « {mapping.questions[0]} » ; prenez quelques mots de "
            "l'intitulé (psq check les montre)."
        )
    contributions: list[Contribution] = []
    rejects = list(reading.rejects)
    for contribution in reading.contributions:
        remarks = [remark for remark in contribution.remarks if remark[1] in kept]
        others = [remark for remark in contribution.remarks if remark[1] not in kept]
        if others and not remarks:
            rejects.append(Reject(contribution.row, OTHER_QUESTION))
            continue
        rejects += [Reject(contribution.row, OTHER_QUESTION, question) for _, question, _ in others]
        contributions.append(replace(contribution, remarks=remarks))
    return replace(reading, contributions=contributions, rejects=rejects)
